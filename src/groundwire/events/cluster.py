"""The event index: articles in, events out, one batch at a time.

A new article is compared with a bounded number of stored ones (``candidates``); the events that these belong to, with
the new articles, make a *neighbourhood*, which is grouped afresh (``grouping``). So an event is decided from all its
reports as a set, not from the order in which they came; only an event without news for some days is settled: it
may still grow or be merged, but is not taken apart any more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from groundwire.events.candidates import Candidates
from groundwire.events.embeddings import Embedder, UniversalSentenceEncoder
from groundwire.events.features import Fingerprint, fingerprints
from groundwire.events.frequencies import Habits, background
from groundwire.events.grouping import agglomerate
from groundwire.events.near_duplicates import COPY
from groundwire.events.reasons import reasons
from groundwire.events.records import Assignment, Constraints, Document, Merge, Stored, Update
from groundwire.events.scoring import EventModel, load_model, pair_scores
from groundwire.events.similarity import INDEX, Block, Profile, channels
from groundwire.types import Reason

_CHUNK = 256
_LINK_SCORE = -3.0
"""Log odds below the threshold from which a stored article draws its event into the neighbourhood."""
_EVENTS_PER_ARTICLE = 4
_NEIGHBOURHOOD = 96
"""Most articles that are grouped at once."""
_SAMPLED = 24
"""Most members that stand for an event; a larger one is never taken apart."""
_SETTLED_DAYS = 3.0
_KEPT_DAYS = 45.0
"""Events without news for this long leave memory: nothing could join them."""


@dataclass(slots=True)
class _Event:
    id: int
    members: list[int] = field(default_factory=list)
    last: float = math.nan


class EventIndex:
    """Streaming grouping of articles into events; pure but for its memory: no database, network or clock.

    Args:
        embedder: Sentence embeddings; the bundled multilingual encoder by default.
        model: The fitted score; the shipped one by default.
        next_event_id: The first id that no event ever had.
        constraints: What a person decided; binds from now on.
    """

    def __init__(
        self,
        *,
        embedder: Embedder | None = None,
        model: EventModel | None = None,
        next_event_id: int = 1,
        constraints: Constraints | None = None,
    ) -> None:
        self._embedder = embedder or UniversalSentenceEncoder()
        self._model = model or load_model()
        self._next_event_id = next_event_id
        self._words, self._names, self._habits = background("words"), background("names"), Habits()
        self._candidates = Candidates(self._embedder.dimension)
        self._forgotten = 0
        self._profiles: dict[int, Profile] = {}
        self._origins: dict[int, int] = {}
        self._event_of: dict[int, int] = {}
        self._events: dict[int, _Event] = {}
        self._pinned: set[int] = set()
        self._newest = math.nan
        self._languages: dict[str, int] = {}
        self._together: dict[int, set[int]] = defaultdict(set)
        self._apart: dict[int, set[int]] = defaultdict(set)
        chosen = constraints or Constraints()
        for links, pairs in ((self._together, chosen.together), (self._apart, chosen.apart)):
            for a, b in pairs:
                links[a].add(b)
                links[b].add(a)

    @property
    def model_name(self) -> str:
        """Name of the embedding that fingerprints were made with; others can't be restored into this index."""
        return self._embedder.name

    @property
    def next_event_id(self) -> int:
        """The first id that the index has not given away."""
        return self._next_event_id

    def __len__(self) -> int:
        """Articles in memory."""
        return len(self._profiles)

    @property
    def candidates_held(self) -> int:
        """Articles that the nets for candidates know, forgotten ones among them."""
        return len(self._candidates)

    def restore(self, rows: Iterable[Stored]) -> None:
        """Put stored articles back where they were, in the order in which they were added; nothing is decided anew.

        Rows of the last 45 days suffice: older events take no new articles. Raises ValueError on a fingerprint of
        another version.
        """
        for row in rows:
            fingerprint = Fingerprint.from_bytes(row.fingerprint)
            self._words.count(fingerprint.terms)
            self._names.count(fingerprint.names)
            self._habits.count(fingerprint.source_id, np.concatenate([fingerprint.terms, fingerprint.names]))
            self._keep(Profile(fingerprint))
            self._origins[row.article_id] = row.origin_id
            self._place(row.article_id, row.event_id)
            self._next_event_id = max(self._next_event_id, row.event_id + 1)
            if row.pinned:
                self._pinned.add(row.article_id)
        self._forget()

    def add(self, documents: Sequence[Document]) -> Update:
        """Find each new article's event.

        Args:
            documents: New articles, in any order of time; ids that the index does not hold yet.

        Returns:
            Assignments of all of them (and of articles that moved), and events that became one. An event id in an
            assignment that storage does not know is a new event's.
        """
        assignments: dict[int, Assignment] = {}
        merges: list[Merge] = []
        for start in range(0, len(documents), _CHUNK):
            update = self._add_chunk(documents[start : start + _CHUNK])
            merges += update.merges
            survivors = {merge.absorbed_id: merge.survivor_id for merge in update.merges}
            for article_id, earlier in assignments.items():
                if earlier.event_id in survivors:
                    assignments[article_id] = _replaced(earlier, self._event_of[article_id], earlier.moved_from)
            for assignment in update.assignments:
                before = assignments.get(assignment.article_id)
                moved_from = assignment.moved_from if before is None else before.moved_from
                assignments[assignment.article_id] = _replaced(assignment, assignment.event_id, moved_from)
        self._forget()
        return Update(tuple(assignments.values()), tuple(merges))

    # --- one chunk ---------------------------------------------------------------------------------------------

    def _add_chunk(self, documents: Sequence[Document]) -> Update:
        made = fingerprints(documents, self._embedder, self._words, self._names, self._habits)
        fresh = [Profile(fingerprint) for fingerprint in made]
        links: list[tuple[float, int, int]] = []
        copies: dict[int, list[tuple[float, int]]] = {}
        for profile in fresh:
            article_id = profile.fingerprint.article_id
            found, copied = self._compare(profile)
            links += [(score, article_id, other) for score, other in found]
            copies[article_id] = copied
            self._keep(profile)
            self._origins[article_id] = article_id
        assignments: list[Assignment] = []
        merges: list[Merge] = []
        for articles, events in self._neighbourhoods([p.fingerprint.article_id for p in fresh], links):
            part = self._regroup(articles, events, copies)
            assignments += part.assignments
            merges += part.merges
        order = {p.fingerprint.article_id: i for i, p in enumerate(fresh)}
        assignments.sort(key=lambda a: (order.get(a.article_id, len(order)), a.article_id))
        return Update(tuple(assignments), tuple(merges))

    def _compare(self, profile: Profile) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
        """Stored articles that may tell of the same event, with scores; and those whose text this one copies."""
        article_id = profile.fingerprint.article_id
        ids = [i for i in self._candidates.find(profile) if i in self._profiles]
        for other in self._together.get(article_id, ()):
            if other in self._profiles and other not in ids:
                ids.append(other)
        if not ids:
            return [], []
        others = [self._profiles[i] for i in ids]
        block = channels([profile], others)
        language = np.array([p.fingerprint.language == profile.fingerprint.language for p in others])
        days = np.array([abs(p.fingerprint.day - profile.fingerprint.day) for p in others])
        scores = pair_scores(block, language[None], days[None], self._model)[0]
        bound = self._together.get(article_id, set())
        found = [
            (math.inf if i in bound else float(s), i)
            for i, s in zip(ids, scores, strict=True)
            if i in bound or s > self._model.threshold + _LINK_SCORE
        ]
        copied = [(float(c), i) for i, c in zip(ids, block[0, :, INDEX["copied"]], strict=True) if c >= COPY]
        return sorted(found, key=lambda link: (-link[0], link[1])), copied

    def _neighbourhoods(
        self, fresh: Sequence[int], links: Sequence[tuple[float, int, int]]
    ) -> list[tuple[list[int], list[int]]]:
        """New articles and the events near them, in groups that are bounded in size, strongest links first."""
        group = {("article", i): [("article", i)] for i in fresh}
        weight = {("article", i): 1 for i in fresh}
        root = {("article", i): ("article", i) for i in fresh}

        def find(node: tuple[str, int]) -> tuple[str, int]:
            while root[node] != node:
                node = root[node]
            return node

        drawn: dict[int, set[tuple[str, int]]] = defaultdict(set)
        for score, article_id, other in sorted(links, key=lambda link: (-link[0], link[1], link[2])):
            event_id = self._event_of.get(other)
            node = ("article", other) if event_id is None else ("event", event_id)
            if node not in drawn[article_id] and len(drawn[article_id]) >= _EVENTS_PER_ARTICLE and score < math.inf:
                continue
            drawn[article_id].add(node)
            if node not in root:
                root[node], group[node] = node, [node]
                weight[node] = min(len(self._events[node[1]].members), _SAMPLED)
            a, b = find(("article", article_id)), find(node)
            if a != b and (weight[a] + weight[b] <= _NEIGHBOURHOOD or score == math.inf):
                a, b = min(a, b), max(a, b)
                root[b] = a
                group[a] += group.pop(b)
                weight[a] += weight.pop(b)
        made = []
        for nodes in group.values():
            articles = sorted(i for kind, i in nodes if kind == "article")
            if articles:
                made.append((articles, sorted(i for kind, i in nodes if kind == "event")))
        return sorted(made)

    def _regroup(self, fresh: list[int], event_ids: list[int], copies: dict[int, list[tuple[float, int]]]) -> Update:
        """Group a neighbourhood anew and say what changed."""
        events = [self._events[i] for i in event_ids]
        standing = {event.id: self._sample(event) for event in events}
        ids = [*fresh, *(i for event in events for i in standing[event.id])]
        if len(ids) == 1:
            event_id = self._new_event()
            self._place(fresh[0], event_id)
            return Update((self._assignment(fresh[0], event_id, (), None),), ())
        profiles = [self._profiles[i] for i in ids]
        block = channels(profiles, profiles)
        languages = np.array([self._language(p) for p in profiles])
        days = np.array([p.fingerprint.day for p in profiles])
        at = {article_id: position for position, article_id in enumerate(ids)}
        together = [(at[i], at[j]) for i in ids for j in self._together.get(i, ()) if j in at and i < j]
        for event in events:
            members = standing[event.id]
            firm = members if self._is_firm(event) else [i for i in members if i in self._pinned]
            together += [(at[firm[0]], at[i]) for i in firm[1:]]
        apart = [(at[i], at[j]) for i in ids for j in self._apart.get(i, ()) if j in at and i < j]
        labels = agglomerate(block, languages, days, self._model, together=together, apart=apart)
        groups: dict[int, list[int]] = defaultdict(list)
        for article_id, label in zip(ids, labels.tolist(), strict=True):
            groups[label].append(article_id)
        return self._settle(list(groups.values()), set(fresh), block, at, copies)

    def _settle(
        self,
        groups: list[list[int]],
        fresh: set[int],
        block: Block,
        at: dict[int, int],
        copies: dict[int, list[tuple[float, int]]],
    ) -> Update:
        """Give groups the ids of the events that most of their members had, and tell what changed."""
        before = {i: self._event_of.get(i) for group in groups for i in group}
        overlap: dict[tuple[int, int], int] = defaultdict(int)
        for number, group in enumerate(groups):
            for article_id in group:
                event_id = before[article_id]
                if event_id is not None:
                    overlap[event_id, number] += 1
        group_id: dict[int, int] = {}
        taken: set[int] = set()
        wins = sorted(overlap.items(), key=lambda item: (-item[1], item[0]))
        for (event_id, number), _ in wins:
            if number not in group_id and event_id not in taken:
                group_id[number] = event_id
                taken.add(event_id)
        merged: dict[int, int] = {}
        for (event_id, number), _ in wins:
            if event_id not in taken and event_id not in merged:
                merged[event_id] = group_id[number]
        for number in range(len(groups)):
            if number not in group_id:
                group_id[number] = self._new_event()
        merges = tuple(
            Merge(survivor, absorbed, self._merge_reasons(absorbed, survivor, groups, group_id, before, block, at))
            for absorbed, survivor in sorted(merged.items())
        )
        for absorbed, survivor in merged.items():
            for article_id in list(self._events[absorbed].members):
                self._place(article_id, survivor)
        for number, group in enumerate(groups):
            for article_id in group:
                self._place(article_id, group_id[number])
        assignments = []
        for number, group in enumerate(groups):
            event_id = group_id[number]
            origins = self._traced(group, event_id, block, at, copies)
            for article_id in group:
                old = before[article_id]
                stays = article_id not in fresh and (merged.get(old, old) if old is not None else None) == event_id
                if stays and self._origins[article_id] == origins[article_id]:
                    continue
                self._origins[article_id] = origins[article_id]
                why = self._why(article_id, group, block, at)
                assignments.append(self._assignment(article_id, event_id, why, old))
        return Update(tuple(assignments), merges)

    def _traced(
        self,
        group: Sequence[int],
        event_id: int,
        block: Block,
        at: dict[int, int],
        copies: dict[int, list[tuple[float, int]]],
    ) -> dict[int, int]:
        """The origin of each member: the earliest published of those that copy each other, whichever came first here."""
        links = [(i, j) for i in group for j in group if i < j and block[at[i], at[j], INDEX["copied"]] >= COPY]
        links += [(i, j) for i in group for _, j in copies.get(i, ())]
        links += [(i, self._origins[i]) for i in group]
        root = {i: i for i in group}

        def find(i: int) -> int:
            while root[i] != i:
                i = root[i]
            return i

        def age(i: int) -> tuple[float, int]:
            day = self._profiles[i].fingerprint.day if i in self._profiles else math.nan
            return (math.inf if math.isnan(day) else day, i)

        for i, j in links:
            if self._event_of.get(j) == event_id:
                root.setdefault(j, j)
                a, b = sorted((find(i), find(j)), key=age)
                root[b] = a
        return {i: find(i) for i in group}

    # --- small parts -------------------------------------------------------------------------------------------

    def _why(self, article_id: int, group: Sequence[int], block: Block, at: dict[int, int]) -> tuple[Reason, ...]:
        others = [i for i in group if i != article_id]
        if not others:
            return ()
        if article_id in self._pinned or any(i in self._together.get(article_id, ()) for i in others):
            return (Reason(kind="person", detail="a person put them together", weight=1.0),)
        mine = self._profiles[article_id]
        row = block[at[article_id]]
        nearness = {
            i: float(row[at[i], INDEX["meaning"]] + row[at[i], INDEX["text"]] + row[at[i], INDEX["names"]])
            for i in others
        }
        nearest = max(others, key=lambda i: (nearness[i], -i))
        return reasons(mine, self._profiles[nearest], row[at[nearest]])

    def _merge_reasons(
        self,
        absorbed: int,
        survivor: int,
        groups: Sequence[Sequence[int]],
        group_id: dict[int, int],
        before: dict[int, int | None],
        block: Block,
        at: dict[int, int],
    ) -> tuple[Reason, ...]:
        group = next(g for number, g in enumerate(groups) if group_id[number] == survivor)
        ours = [i for i in group if before[i] == absorbed]
        theirs = [i for i in group if before[i] != absorbed]
        best = max(ours, key=lambda i: (max(float(block[at[i], at[j], INDEX["text"]]) for j in theirs), -i))
        return self._why(best, [best, *theirs], block, at)

    def _sample(self, event: _Event) -> list[int]:
        """Members that stand for an event: all of a small one, else the first third and the latest."""
        if len(event.members) <= _SAMPLED:
            return list(event.members)
        return event.members[: _SAMPLED // 3] + event.members[-(_SAMPLED - _SAMPLED // 3) :]

    def _is_firm(self, event: _Event) -> bool:
        """Whether an event is not to be taken apart: it is large, or had no news for some days."""
        return len(event.members) > _SAMPLED or self._newest - event.last > _SETTLED_DAYS

    def _new_event(self) -> int:
        event_id = self._next_event_id
        self._next_event_id += 1
        return event_id

    def _assignment(
        self, article_id: int, event_id: int, why: tuple[Reason, ...], moved_from: int | None
    ) -> Assignment:
        return Assignment(
            article_id=article_id,
            event_id=event_id,
            origin_id=self._origins[article_id],
            reasons=why,
            fingerprint=self._profiles[article_id].fingerprint.to_bytes(),
            moved_from=moved_from,
        )

    def _keep(self, profile: Profile) -> None:
        self._profiles[profile.fingerprint.article_id] = profile
        self._candidates.add(profile)
        self._newest = float(np.fmax(self._newest, profile.fingerprint.day))

    def _place(self, article_id: int, event_id: int) -> None:
        old = self._event_of.get(article_id)
        if old == event_id:
            return
        if old is not None:
            left = self._events[old]
            left.members.remove(article_id)
            if not left.members:
                del self._events[old]
        event = self._events.setdefault(event_id, _Event(event_id))
        event.members.append(article_id)
        event.last = float(np.fmax(event.last, self._profiles[article_id].fingerprint.day))
        self._event_of[article_id] = event_id

    def _language(self, profile: Profile) -> int:
        return self._languages.setdefault(profile.fingerprint.language, len(self._languages))

    def _forget(self) -> None:
        """Drop events that nothing can join any more, and in time what the nets for candidates know of them."""
        old = [event for event in self._events.values() if self._newest - event.last > _KEPT_DAYS]
        for event in old:
            for article_id in event.members:
                for held in (self._profiles, self._origins, self._event_of):
                    held.pop(article_id, None)
            del self._events[event.id]
            self._forgotten += len(event.members)
        if self._forgotten > max(len(self._profiles), _CHUNK):
            self._candidates = Candidates(self._embedder.dimension)
            for profile in self._profiles.values():
                self._candidates.add(profile)
            self._forgotten = 0


def _replaced(assignment: Assignment, event_id: int, moved_from: int | None) -> Assignment:
    return Assignment(
        article_id=assignment.article_id,
        event_id=event_id,
        origin_id=assignment.origin_id,
        reasons=assignment.reasons,
        fingerprint=assignment.fingerprint,
        moved_from=moved_from,
    )
