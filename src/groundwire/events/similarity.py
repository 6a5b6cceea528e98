"""How two articles resemble each other: a handful of named numbers for each pair, for whole blocks of pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
_SHORT = 40
"""Words: what is shorter is judged as if it had so many, about the shortest that the weights were fitted on."""
_LEAST_MASS = 0.3

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Some vectors over the same sorted keys."""

    keys: Hashes
    values: Values
    """Shape (vectors, keys)."""


class Profile:
    """A fingerprint made ready for comparison."""

    __slots__ = ("facts", "fingerprint", "name_mass", "names", "states", "terms", "title_share", "vectors", "versions")

    def __init__(self, fingerprint: Fingerprint) -> None:
        self.fingerprint = fingerprint
        self.terms, self.title_share = _term_vectors(fingerprint)
        self.names, self.name_mass = _name_vectors(fingerprint)
        self.facts = _fact_vectors(fingerprint)
        self.states = self.facts.values[1::2].any(axis=1)
        """Which of ``_FACTS`` the text states at all."""
        self.vectors = np.stack([fingerprint.title, fingerprint.lead])
        """Embeddings of title and lead as stored, shape (2, d)."""
        self.versions: dict[int, set[int]] = {}
        """Product -> versions, as hashes."""
        for product, version in zip(fingerprint.products.tolist(), fingerprint.versions.tolist(), strict=True):
            self.versions.setdefault(product, set()).add(version)

    @property
    def mean_vector(self) -> Values:
        """Mean of the title's and the lead's embedding, unit norm."""
        units = _normalised(self.vectors.astype(np.float32))
        return _unit(units[0] + units[1])


def _term_vectors(f: Fingerprint) -> tuple[Sparse, float]:
    """Unit vectors of text, lead and title words; and what turns the title's into shares of its total rarity."""
    rarity = f.term_rarity.astype(np.float32) / 255
    text = (1 + np.log(np.maximum(f.term_counts, 1).astype(np.float32))) * rarity
    lead = (1 + np.log(np.maximum(f.term_lead_counts, 1).astype(np.float32))) * rarity * (f.term_lead_counts > 0)
    title = rarity * (f.term_in_title > 0)
    norm, total = float(np.sqrt(title @ title)), float(title.sum())
    return Sparse(f.terms, np.stack((_unit(text), _unit(lead), _unit(title)))), norm / total if total > 0 else 0.0


def _name_vectors(f: Fingerprint) -> tuple[Sparse, float]:
    """Unit vector of names, squared rarity, shares of the main names, and ones; and the sum of squared rarity."""
    rarity = f.name_rarity.astype(np.float32) / 255
    counts = np.maximum(f.name_counts, 1).astype(np.float32)
    cosine = _unit((1 + np.log(counts * (1 + f.name_in_title))) * rarity)
    standing = (1 + np.log(counts) + f.name_in_title) * rarity
    main = np.zeros_like(rarity)
    top = np.lexsort((f.names, -standing))[:_MAIN_NAMES]
    main[top] = rarity[top]
    main /= max(float(main.sum()), _LEAST_MASS)
    squared = rarity**2
    return Sparse(f.names, np.stack((cosine, squared, main, np.ones_like(rarity)))), float(squared.sum())


_FACTS = ("quantities", "lead_quantities", "dates", "years")


def _fact_vectors(f: Fingerprint) -> Sparse:
    """For each of ``_FACTS`` weights and presence, over one set of keys; shape (8, keys)."""
    sizes = (f.quantities.size, f.dates.size, f.years.size)
    keys = np.concatenate([f.quantities, f.dates, f.years.astype(np.uint32)])
    values = np.zeros((2 * len(_FACTS), keys.size), dtype=np.float32)
    opening = (f.quantity_marks & 1) > 0
    weights = np.where(f.quantity_marks & 2, 1.0, _WEAK)
    values[0, : sizes[0]], values[1, : sizes[0]] = weights, 1.0
    values[2, : sizes[0]], values[3, : sizes[0]] = weights * opening, opening
    values[4:6, sizes[0] : sizes[0] + sizes[1]] = 1.0
    values[6:8, sizes[0] + sizes[1] :] = 1.0
    order = np.argsort(keys, kind="stable")
    return Sparse(keys[order], values[:, order])


def _unit(values: npt.NDArray[np.floating]) -> Values:
    norm = float(np.sqrt(values @ values))
    result: Values = (values / norm if norm > 0 else values).astype(np.float32)
    return result


def _normalised(vectors: Values) -> Values:
    norms = np.sqrt(np.einsum("...d,...d->...", vectors, vectors))[..., None]
    result: Values = vectors / np.maximum(norms, np.float32(1e-9))
    return result


def channels(left: Sequence[Profile], right: Sequence[Profile]) -> Block:
    """All pairs' channels; shape (len(left), len(right), len(CHANNELS)), in the order of ``CHANNELS``.

    Where both sides are the same list, what an article has in common with itself is left out: nobody asks for it.
    """
    out = np.zeros((len(left), len(right), len(CHANNELS)), dtype=np.float32)
    if not left or not right:
        return out
    _words(left, right, out)
    _names(left, right, out)
    _facts(left, right, out)
    _meaning(left, right, out)
    lengths_l = np.log(np.maximum([p.fingerprint.length for p in left], _SHORT))[:, None]
    lengths_r = np.log(np.maximum([p.fingerprint.length for p in right], _SHORT))[None, :]
    out[..., INDEX["length_smaller"]] = np.minimum(lengths_l, lengths_r)
    out[..., INDEX["length_ratio"]] = np.abs(lengths_l - lengths_r)
    _copies(left, right, out)
    return out


def _words(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    of_left = [p.terms for p in left]
    a, b = _aligned(of_left, of_left if left is right else [p.terms for p in right])
    for row, name in enumerate(("text", "lead", "title")):
        out[..., INDEX[name]] = a[row] @ b[row].T
    covered_l = (a[2] @ (b[0] > 0).T.astype(np.float32)) * np.array([p.title_share for p in left])[:, None]
    covered_r = ((a[0] > 0).astype(np.float32) @ b[2].T) * np.array([p.title_share for p in right])[None, :]
    out[..., INDEX["coverage"]] = (covered_l + covered_r) / 2


def _names(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    of_left = [p.names for p in left]
    a, b = _aligned(of_left, of_left if left is right else [p.names for p in right])
    out[..., INDEX["names"]] = a[0] @ b[0].T
    shared = (a[1] @ b[3].T + a[3] @ b[1].T) / 2
    out[..., INDEX["names_shared"]] = np.log1p(shared)
    mass_l = np.array([p.name_mass for p in left])[:, None]
    mass_r = np.array([p.name_mass for p in right])[None, :]
    out[..., INDEX["names_contained"]] = shared / np.maximum(np.minimum(mass_l, mass_r), _LEAST_MASS)
    out[..., INDEX["main_names"]] = (a[2] @ b[3].T + a[3] @ b[2].T) / 2
    versioned = [(j, p.versions) for j, p in enumerate(right) if p.versions]
    for i, p in enumerate(left):
        for j, theirs in versioned if p.versions else ():
            common = p.versions.keys() & theirs.keys()
            if common:
                agree = any(p.versions[product] & theirs[product] for product in common)
                out[i, j, INDEX["versions"]] = 1.0 if agree else -1.0


def _facts(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    of_left = [p.facts for p in left]
    a, b = _aligned(of_left, of_left if left is right else [p.facts for p in right])
    for row, name in enumerate(_FACTS):
        weighted = a[2 * row] @ b[2 * row + 1].T
        out[..., INDEX[name]] = weighted > 0 if name == "years" else np.log1p(weighted)
    states_l, states_r = np.stack([p.states for p in left]), np.stack([p.states for p in right])
    for row, name in enumerate(_FACTS):
        both = states_l[:, None, row] & states_r[None, :, row]
        out[..., INDEX[f"{name}_differ"]] = both & (out[..., INDEX[name]] == 0)


def _meaning(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    a = _normalised(np.stack([p.vectors for p in left], axis=1).astype(np.float32))
    b = _normalised(np.stack([p.vectors for p in right], axis=1).astype(np.float32))
    titles, crossed, leads = a[0] @ b[0].T, (a[0] @ b[1].T, a[1] @ b[0].T), a[1] @ b[1].T
    out[..., INDEX["title_meaning"]] = titles
    out[..., INDEX["cross_meaning"]] = np.maximum(*crossed)
    # cosine of the means of title and lead, from the four products
    length_l = np.sqrt(np.maximum((a.sum(axis=0) ** 2).sum(axis=1), 1e-9))[:, None]
    length_r = np.sqrt(np.maximum((b.sum(axis=0) ** 2).sum(axis=1), 1e-9))[None, :]
    out[..., INDEX["meaning"]] = (titles + crossed[0] + crossed[1] + leads) / (length_l * length_r)


def _copies(left: Sequence[Profile], right: Sequence[Profile], out: Block) -> None:
    a, b = (np.stack([p.fingerprint.signature for p in side]) for side in (left, right))
    sizes_l, sizes_r = (np.array([p.fingerprint.shingles for p in side]) for side in (left, right))
    out[..., INDEX["copied"]] = near_duplicates.containment(a[:, None], sizes_l[:, None], b[None], sizes_r[None])
    linked = [(j, set(p.fingerprint.links.tolist())) for j, p in enumerate(right) if p.fingerprint.links.size]
    for i, p in enumerate(left):
        for j, links in linked if p.fingerprint.links.size else ():
            if not links.isdisjoint(p.fingerprint.links.tolist()):
                out[i, j, INDEX["link"]] = 1.0


def _aligned(left: Sequence[Sparse], right: Sequence[Sparse]) -> tuple[Block, Block]:
    """Dense matrices, shape (vectors, texts, keys), over keys that both sides may share: others match nothing."""
    flat = np.concatenate([s.keys for s in left])
    if len(left) == 1:
        vocabulary = flat  # sorted and distinct already: the common case of one article against its candidates
    else:
        vocabulary, counts = np.unique(flat, return_counts=True)
        if left is right:
            vocabulary = vocabulary[counts > 1]
    if left is right:
        dense = _dense(left, vocabulary)
        return dense, dense
    return _dense(left, vocabulary), _dense(right, vocabulary)


def _dense(vectors: Sequence[Sparse], vocabulary: Hashes) -> Block:
    dense = np.zeros((vectors[0].values.shape[0], len(vectors), vocabulary.size), dtype=np.float32)
    if vocabulary.size:
        flat = np.concatenate([s.keys for s in vectors])
        owner = np.repeat(np.arange(len(vectors)), [s.keys.size for s in vectors])
        at = np.minimum(np.searchsorted(vocabulary, flat), vocabulary.size - 1)
        known = vocabulary[at] == flat
        dense[:, owner[known], at[known]] = np.concatenate([s.values for s in vectors], axis=1)[:, known]
    return dense
