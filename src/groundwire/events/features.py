"""The fingerprint of an article: all that deciding on its event needs, in about four kilobytes."""

from __future__ import annotations

import json
import math
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from groundwire.events import near_duplicates
from groundwire.events.embeddings import Embedder, Vectors
from groundwire.events.frequencies import DocumentFrequencies, Habits
from groundwire.events.names import Name, names, versions
from groundwire.events.numbers import figures
from groundwire.events.records import Document
from groundwire.events.text import Hashes, hash32, hashes, is_han, normalise, words

_FORMAT = 1
_BODY_CHARACTERS = 6_000
_LEAD_WORDS = 60
_LEAD_CHARACTERS = 256
_LEAD_FIGURES_CHARACTERS = 500
_MAX_TERMS = 320
_MAX_DISPLAYED = 24
_DAY_S = 86_400.0

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What we know of an article, in arrays; sorted hashes stand for words, names, numbers and dates.

    ``*_rarity`` are inverse document frequencies (0 to 255 for 0 to 1) as they were when the article was placed, so
    that an article restored from storage compares exactly as it did before.
    """

    article_id: int
    source_id: int
    language: str
    day: float
    """Publication time in days since 1970; NaN if unknown."""
    length: int
    """Number of words, stop words left out."""
    title: npt.NDArray[np.int8]
    """Embedding of the title, quantised: divide by its norm."""
    lead: npt.NDArray[np.int8]
    """Embedding of the first 256 characters after the title."""
    terms: Hashes
    term_counts: Bytes
    term_lead_counts: Bytes
    """Occurrences in the title and the first 60 words."""
    term_in_title: Bytes
    term_rarity: Bytes
    names: Hashes
    name_counts: Bytes
    name_in_title: Bytes
    name_rarity: Bytes
    products: Hashes
    """Products named with a version, repeated for each version."""
    versions: Hashes
    quantities: Hashes
    quantity_marks: Bytes
    """1: in the opening; 2: telling (a unit, or more than two digits); 3: both."""
    dates: Hashes
    years: npt.NDArray[np.uint16]
    links: Hashes
    signature: near_duplicates.Signature
    shingles: int
    shown_names: dict[int, str]
    """Name hash -> as the text writes it, for the most frequent ones."""
    shown_quantities: dict[int, str]

    def to_bytes(self) -> bytes:
        """For storage; about four kilobytes."""
        head = json.dumps(
            {
                "id": self.article_id,
                "source": self.source_id,
                "language": self.language,
                "day": None if math.isnan(self.day) else self.day,
                "length": self.length,
                "shingles": self.shingles,
                "names": {str(k): v for k, v in self.shown_names.items()},
                "quantities": {str(k): v for k, v in self.shown_quantities.items()},
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        parts = [head, *(np.ascontiguousarray(getattr(self, name)).tobytes() for name, _ in _ARRAYS)]
        return struct.pack(f"<B{len(parts)}I", _FORMAT, *map(len, parts)) + b"".join(parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """The reverse of ``to_bytes``; raises ValueError if the bytes are of another format."""
        count = len(_ARRAYS) + 1
        if not data or data[0] != _FORMAT:
            raise ValueError("not a fingerprint of this version: make it again from the article")
        lengths = struct.unpack_from(f"<{count}I", data, 1)
        at = 1 + 4 * count
        head = json.loads(data[at : at + lengths[0]])
        at += lengths[0]
        arrays = {}
        for (name, dtype), length in zip(_ARRAYS, lengths[1:], strict=True):
            arrays[name] = np.frombuffer(data, dtype=dtype, count=length // np.dtype(dtype).itemsize, offset=at)
            at += length
        return cls(
            article_id=head["id"],
            source_id=head["source"],
            language=head["language"],
            day=math.nan if head["day"] is None else head["day"],
            length=head["length"],
            shingles=head["shingles"],
            shown_names={int(k): v for k, v in head["names"].items()},
            shown_quantities={int(k): v for k, v in head["quantities"].items()},
            **arrays,
        )


_ARRAYS: tuple[tuple[str, str], ...] = (
    ("title", "<i1"),
    ("lead", "<i1"),
    ("terms", "<u4"),
    ("term_counts", "<u1"),
    ("term_lead_counts", "<u1"),
    ("term_in_title", "<u1"),
    ("term_rarity", "<u1"),
    ("names", "<u4"),
    ("name_counts", "<u1"),
    ("name_in_title", "<u1"),
    ("name_rarity", "<u1"),
    ("products", "<u4"),
    ("versions", "<u4"),
    ("quantities", "<u4"),
    ("quantity_marks", "<u1"),
    ("dates", "<u4"),
    ("years", "<u2"),
    ("links", "<u4"),
    ("signature", "<u4"),
)


def fingerprints(
    documents: Sequence[Document],
    embedder: Embedder,
    word_frequencies: DocumentFrequencies,
    name_frequencies: DocumentFrequencies,
    habits: Habits,
) -> list[Fingerprint]:
    """Fingerprints of a batch; its words and names are counted first (in all news and in its source's), then weighed."""
    drafts = [_Draft(document) for document in documents]
    texts = [draft.title for draft in drafts] + [draft.lead for draft in drafts]
    vectors = quantised(embedder.encode(texts))
    signatures, shingles = near_duplicates.signatures(f"{draft.title}\n{draft.body}" for draft in drafts)
    for draft in drafts:
        word_frequencies.count(draft.terms)
        name_frequencies.count(draft.names)
        habits.count(draft.document.source_id, np.concatenate([draft.terms, draft.names]))
    made = []
    for i, draft in enumerate(drafts):
        source_id = draft.document.source_id
        words_worth = word_frequencies.weights(draft.terms) * habits.novelty(source_id, draft.terms)
        names_worth = name_frequencies.weights(draft.names) * habits.novelty(source_id, draft.names)
        made.append(
            draft.finish(
                title=vectors[i],
                lead=vectors[len(drafts) + i],
                term_rarity=_as_bytes(words_worth * 255),
                name_rarity=_as_bytes(names_worth * 255),
                signature=signatures[i],
                shingles=int(shingles[i]),
            )
        )
    return made


class _Draft:
    """A fingerprint before embeddings and weights are known."""

    def __init__(self, document: Document) -> None:
        self.document = document
        title = normalise(document.title.strip())
        text = normalise(document.text[: _BODY_CHARACTERS + len(title)])
        body = text[len(title) :].strip() if text.startswith(title) else text.strip()
        if not title:  # a post without a headline: its opening serves as one
            title = body[:80].split("\n")[0]
        self.title, self.body = title, body
        # Chinese says as much in half the characters
        lead = _LEAD_CHARACTERS // 2 if is_han(body[:40]) else _LEAD_CHARACTERS
        self.lead = body[:lead] or title
        title_words = list(words(title))
        body_words = list(words(body))
        counts = Counter(title_words)
        counts.update(body_words)
        lead_counts = Counter(title_words)
        lead_counts.update(body_words[:_LEAD_WORDS])
        in_title = set(title_words)
        kept = sorted(counts, key=lambda w: (w not in lead_counts, -counts[w], w))[:_MAX_TERMS]
        self.terms, order = _sorted_hashes(kept)
        kept = [kept[i] for i in order]
        self.term_counts = _as_bytes([counts[w] for w in kept])
        self.term_lead_counts = _as_bytes([lead_counts[w] for w in kept])
        self.term_in_title = _as_bytes([w in in_title for w in kept])
        self.length = len(title_words) + len(body_words)
        self._names(names(title, body))
        self._figures()
        self.links = np.unique(hashes(filter(None, map(canonical_link, document.links))))

    def _names(self, found: Sequence[Name]) -> None:
        keys = [name.key for name in found]
        self.names, order = _sorted_hashes(keys)
        self.name_counts = _as_bytes([found[i].count for i in order])
        self.name_in_title = _as_bytes([found[i].in_title for i in order])
        self.shown_names = {hash32(name.key): name.display for name in found[:_MAX_DISPLAYED]}
        pairs = sorted((hash32(product), hash32(v)) for product, vs in versions(keys).items() for v in vs)
        self.products = np.array([p for p, _ in pairs], dtype=np.uint32)
        self.versions = np.array([v for _, v in pairs], dtype=np.uint32)

    def _figures(self) -> None:
        found = figures(f"{self.title}\n{self.body}", opening=len(self.title) + 1 + _LEAD_FIGURES_CHARACTERS)
        keys = list(found.quantities)
        self.quantities, order = _sorted_hashes(keys)
        keys = [keys[i] for i in order]
        self.quantity_marks = _as_bytes([(k in found.opening) + 2 * (len(k) > 4 or k[0] != "n") for k in keys])
        self.shown_quantities = {hash32(k): v for k, v in list(found.quantities.items())[:_MAX_DISPLAYED]}
        self.dates = np.unique(hashes(sorted(found.dates)))
        self.years = np.unique(np.array([int(y) for y in found.years], dtype=np.uint16))

    def finish(
        self,
        *,
        title: npt.NDArray[np.int8],
        lead: npt.NDArray[np.int8],
        term_rarity: Bytes,
        name_rarity: Bytes,
        signature: near_duplicates.Signature,
        shingles: int,
    ) -> Fingerprint:
        at = self.document.published_at
        return Fingerprint(
            article_id=self.document.article_id,
            source_id=self.document.source_id,
            language=self.document.language,
            day=math.nan if at is None else at.timestamp() / _DAY_S,
            length=self.length,
            title=title,
            lead=lead,
            terms=self.terms,
            term_counts=self.term_counts,
            term_lead_counts=self.term_lead_counts,
            term_in_title=self.term_in_title,
            term_rarity=term_rarity,
            names=self.names,
            name_counts=self.name_counts,
            name_in_title=self.name_in_title,
            name_rarity=name_rarity,
            products=self.products,
            versions=self.versions,
            quantities=self.quantities,
            quantity_marks=self.quantity_marks,
            dates=self.dates,
            years=self.years,
            links=self.links,
            signature=signature,
            shingles=shingles,
            shown_names=self.shown_names,
            shown_quantities=self.shown_quantities,
        )


def canonical_link(url: str) -> str | None:
    """An address without scheme, "www.", fragment, last slash and tracking; None for a bare site or no web address."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if parts.scheme not in ("http", "https") or not host or not path:
        return None
    query = "&".join(q for q in parts.query.split("&") if q and not q.startswith(("utm_", "ref=", "from=", "fbclid=")))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def quantised(vectors: Vectors) -> npt.NDArray[np.int8]:
    """Unit vectors as signed bytes, the largest component at 127; the cosine changes by less than 0.01."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    rounded: npt.NDArray[np.int8] = np.rint(vectors / largest * 127).astype(np.int8)
    return rounded


def _sorted_hashes(keys: Sequence[str]) -> tuple[Hashes, list[int]]:
    """Hashes of keys in ascending order without repeats, and which key each comes from."""
    unique, first = np.unique(hashes(keys), return_index=True)
    return unique, [int(i) for i in first]


def _as_bytes(values: npt.ArrayLike) -> Bytes:
    return np.clip(np.rint(np.asarray(values, dtype=np.float64)), 0, 255).astype(np.uint8)
