"""How two articles resemble each other: a handful of named numbers for each pair, for whole blocks of pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from groundwire.events import near_duplicates
from groundwire.events.features import Fingerprint
from groundwire.events.text import Hashes

Block = npt.NDArray[np.float32]

CHANNELS = (
    "text",  # cosine of weighted words, whole text
    "lead",  # the same of title and first 60 words
    "title",  # the same of titles
    "coverage",  # share of one's title words, by rarity, that stand in the other's text; mean of both directions
    "names",  # cosine of weighted names
    "names_shared",  # log(1 + sum of squared rarity of shared names)
    "names_contained",  # shared names' squared rarity as share of the poorer side's
    "main_names",  # share of one's five main names that the other has; mean of both directions
    "quantities",  # log(1 + weighted number of shared quantities)
    "quantities_differ",  # 1 if both state quantities and share none
    "lead_quantities",
    "lead_quantities_differ",
    "dates",  # log(1 + shared calendar dates)
    "dates_differ",
    "years",  # 1 if a year is shared
    "years_differ",
    "versions",  # 1 if a product is named in the same version, -1 if only in others, 0 if there is none
    "title_meaning",  # cosine of title embeddings
    "meaning",  # cosine of the mean of title and lead embedding
    "cross_meaning",  # cosine of one's title and the other's lead, the higher of both directions
    "length_smaller",  # log of the shorter one's number of words
    "length_ratio",  # |log of lengths' ratio|
    "link",  # 1 if they link to the same page
    "copied",  # containment of the one's text in the other's
)
INDEX = {name: i for i, name in enumerate(CHANNELS)}

_MAIN_NAMES = 5
_WEAK = 0.4
_LEAST_MASS = 0.3


class Profile:
    """A fingerprint made ready for comparison."""

    __slots__ = (
        "__dict__",
        "fingerprint",
        "lead_vector",
        "main_weights",
        "mean_vector",
        "name_cosine",
        "name_squared",
        "quantity_weights",
        "term_values",
        "title_vector",
    )

    def __init__(self, fingerprint: Fingerprint) -> None:
        f = self.fingerprint = fingerprint
        rarity = f.term_rarity.astype(np.float32) / 255
        counts = np.maximum(f.term_counts, 1).astype(np.float32)
        text = (1 + np.log(counts)) * rarity
        in_lead = f.term_lead_counts > 0
        lead = np.where(in_lead, (1 + np.log(np.maximum(f.term_lead_counts, 1).astype(np.float32))) * rarity, 0)
        title = np.where(f.term_in_title > 0, rarity, 0)
        # rows: cosine weights of text, lead and title; the title's rarity as shares
        self.term_values = np.stack(
            (_unit(text), _unit(lead), _unit(title), title / max(float(title.sum()), 1e-6))
        ).astype(np.float32)
        name_rarity = f.name_rarity.astype(np.float32) / 255
        prominence = 1 + np.log(np.maximum(f.name_counts, 1).astype(np.float32) * (1 + f.name_in_title))
        self.name_cosine = _unit(prominence * name_rarity)
        self.name_squared = name_rarity**2
        main = np.zeros(len(f.names), dtype=np.float32)
        standing = (1 + np.log(np.maximum(f.name_counts, 1).astype(np.float32)) + f.name_in_title) * name_rarity
        for i in np.lexsort((f.names, -standing))[:_MAIN_NAMES]:
            main[i] = name_rarity[i]
        self.main_weights = main / max(float(main.sum()), _LEAST_MASS)
        self.quantity_weights = np.where(f.quantity_marks & 2, 1.0, _WEAK).astype(np.float32)
        self.title_vector = _unit(f.title.astype(np.float32))
        self.lead_vector = _unit(f.lead.astype(np.float32))
        self.mean_vector = _unit(self.title_vector + self.lead_vector)

    @cached_property
    def version_map(self) -> dict[int, set[int]]:
        """Product -> versions, as hashes."""
        made: dict[int, set[int]] = {}
        for product, version in zip(self.fingerprint.products, self.fingerprint.versions, strict=True):
            made.setdefault(int(product), set()).add(int(version))
        return made


def _unit(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    norm = float(np.sqrt(values @ values))
    result: npt.NDArray[np.float32] = (values / norm if norm > 0 else values).astype(np.float32)
    return result


def channels(left: Sequence[Profile], right: Sequence[Profile]) -> Block:
    """All pairs' channels; shape (len(left), len(right), len(CHANNELS)), in the order of ``CHANNELS``."""
    out = np.zeros((len(left), len(right), len(CHANNELS)), dtype=np.float32)
    if not left or not right:
        return out
    _words(left, right, out)
    _names(left, right, out)
    _figures(left, right, out)
    _meaning(left, right, out)
    lengths_l = np.log(np.maximum([p.fingerprint.length for p in left], 5))[:, None]
    lengths_r = np.log(np.maximum([p.fingerprint.length for p in right], 5))[None, :]
    out[..., INDEX["length_smaller"]] = np.minimum(lengths_l, lengths_r)
    out[..., INDEX["length_ratio"]] = np.abs(lengths_l - lengths_r)
    _copies(left, right, out)
    return out


def _words(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    a, b = _aligned(
        [p.fingerprint.terms for p in left],
        [p.term_values for p in left],
        [p.fingerprint.terms for p in right],
        [p.term_values for p in right],
    )
    for row, name in enumerate(("text", "lead", "title")):
        out[..., INDEX[name]] = a[row] @ b[row].T
    out[..., INDEX["coverage"]] = (a[3] @ (b[0] > 0).T.astype(np.float32) + (a[0] > 0).astype(np.float32) @ b[3].T) / 2


def _names(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    def values(p: Profile) -> npt.NDArray[np.float32]:
        return np.stack([p.name_cosine, p.name_squared, p.main_weights, np.ones_like(p.name_cosine)])

    a, b = _aligned(
        [p.fingerprint.names for p in left],
        [values(p) for p in left],
        [p.fingerprint.names for p in right],
        [values(p) for p in right],
    )
    out[..., INDEX["names"]] = a[0] @ b[0].T
    shared = (a[1] @ b[3].T + a[3] @ b[1].T) / 2
    out[..., INDEX["names_shared"]] = np.log1p(shared)
    mass_l = np.array([p.name_squared.sum() for p in left])[:, None]
    mass_r = np.array([p.name_squared.sum() for p in right])[None, :]
    out[..., INDEX["names_contained"]] = shared / np.maximum(np.minimum(mass_l, mass_r), _LEAST_MASS)
    out[..., INDEX["main_names"]] = (a[2] @ b[3].T + a[3] @ b[2].T) / 2
    versions_l = [p.version_map for p in left]
    versions_r = [(j, p.version_map) for j, p in enumerate(right) if p.fingerprint.products.size]
    for i, mine in enumerate(versions_l):
        if not mine:
            continue
        for j, theirs in versions_r:
            common = mine.keys() & theirs.keys()
            if common:
                agree = any(mine[product] & theirs[product] for product in common)
                out[i, j, INDEX["versions"]] = 1.0 if agree else -1.0


def _figures(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    def opening(p: Profile) -> npt.NDArray[np.bool_]:
        return (p.fingerprint.quantity_marks & 1) > 0

    _overlap(
        "quantities",
        [(p.fingerprint.quantities, p.quantity_weights) for p in left],
        [(p.fingerprint.quantities, p.quantity_weights) for p in right],
        out,
    )
    _overlap(
        "lead_quantities",
        [(p.fingerprint.quantities[opening(p)], p.quantity_weights[opening(p)]) for p in left],
        [(p.fingerprint.quantities[opening(p)], p.quantity_weights[opening(p)]) for p in right],
        out,
    )
    _overlap(
        "dates",
        [(p.fingerprint.dates, np.ones(p.fingerprint.dates.size, dtype=np.float32)) for p in left],
        [(p.fingerprint.dates, np.ones(p.fingerprint.dates.size, dtype=np.float32)) for p in right],
        out,
    )
    _overlap(
        "years",
        [(p.fingerprint.years.astype(np.uint32), np.ones(p.fingerprint.years.size, dtype=np.float32)) for p in left],
        [(p.fingerprint.years.astype(np.uint32), np.ones(p.fingerprint.years.size, dtype=np.float32)) for p in right],
        out,
    )
    years = out[..., INDEX["years"]]
    out[..., INDEX["years"]] = years > 0


def _overlap(
    name: str,
    left: Sequence[tuple[Hashes, npt.NDArray[np.float32]]],
    right: Sequence[tuple[Hashes, npt.NDArray[np.float32]]],
    out: Block,
) -> None:
    filled_l = [i for i, (keys, _) in enumerate(left) if keys.size]
    filled_r = [j for j, (keys, _) in enumerate(right) if keys.size]
    if not filled_l or not filled_r:
        return
    a, b = _aligned(
        [left[i][0] for i in filled_l],
        [np.stack([left[i][1], np.ones_like(left[i][1])]) for i in filled_l],
        [right[j][0] for j in filled_r],
        [np.stack([right[j][1], np.ones_like(right[j][1])]) for j in filled_r],
    )
    shared = a[0] @ b[1].T
    where = np.ix_(filled_l, filled_r)
    out[..., INDEX[name]][where] = np.log1p(shared)
    if name + "_differ" in INDEX:
        out[..., INDEX[name + "_differ"]][where] = shared == 0


def _meaning(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    title_l, title_r = np.stack([p.title_vector for p in left]), np.stack([p.title_vector for p in right])
    lead_l, lead_r = np.stack([p.lead_vector for p in left]), np.stack([p.lead_vector for p in right])
    mean_l, mean_r = np.stack([p.mean_vector for p in left]), np.stack([p.mean_vector for p in right])
    out[..., INDEX["title_meaning"]] = title_l @ title_r.T
    out[..., INDEX["meaning"]] = mean_l @ mean_r.T
    out[..., INDEX["cross_meaning"]] = np.maximum(title_l @ lead_r.T, lead_l @ title_r.T)


def _copies(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    signatures = np.stack([p.fingerprint.signature for p in right])
    sizes = np.array([p.fingerprint.shingles for p in right])
    linked = {j: set(p.fingerprint.links.tolist()) for j, p in enumerate(right) if p.fingerprint.links.size}
    for i, p in enumerate(left):
        f = p.fingerprint
        out[i, :, INDEX["copied"]] = near_duplicates.containment(f.signature, f.shingles, signatures, sizes)
        if f.links.size:
            for j, links in linked.items():
                if not links.isdisjoint(f.links.tolist()):
                    out[i, j, INDEX["link"]] = 1.0


def _aligned(
    keys_l: Sequence[Hashes],
    values_l: Sequence[npt.NDArray[np.float32]],
    keys_r: Sequence[Hashes],
    values_r: Sequence[npt.NDArray[np.float32]],
) -> tuple[Block, Block]:
    """Dense matrices, shape (value rows, texts, keys), over the left side's keys: the others match nothing."""
    flat_l, flat_r = np.concatenate(keys_l), np.concatenate(keys_r)
    # one text's keys are sorted and distinct already: the common case of one article against its candidates
    vocabulary = flat_l if len(keys_l) == 1 else np.unique(flat_l)
    rows = values_l[0].shape[0]
    a = np.zeros((rows, len(keys_l), vocabulary.size), dtype=np.float32)
    b = np.zeros((rows, len(keys_r), vocabulary.size), dtype=np.float32)
    if not vocabulary.size:
        return a, b
    owner_l = np.repeat(np.arange(len(keys_l)), [k.size for k in keys_l])
    a[:, owner_l, np.searchsorted(vocabulary, flat_l)] = np.concatenate(values_l, axis=1)
    owner_r = np.repeat(np.arange(len(keys_r)), [k.size for k in keys_r])
    at = np.minimum(np.searchsorted(vocabulary, flat_r), vocabulary.size - 1)
    known = vocabulary[at] == flat_r
    b[:, owner_r[known], at[known]] = np.concatenate(values_r, axis=1)[:, known]
    return a, b
