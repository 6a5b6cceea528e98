"""Speculative decoding: several tokens guessed cheaply, checked in one step of the large model."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["accepted_tokens", "speculative_tpot"]

Array = npt.NDArray[np.float64]
Number = float | Array


def accepted_tokens(draft_tokens: Number, acceptance: Number) -> Array:
    """Tokens gained per checked step: ``(1 - a^(k+1)) / (1 - a)`` for k guesses, each right with probability a. [1]

    One for the checked token itself, then a run of guesses until the first wrong one (Leviathan et al. 2023,
    arXiv:2211.17192, equation 1).

    Example:
        >>> float(accepted_tokens(3, 0.7).round(3))
        2.533
    """
    a = np.clip(np.asarray(acceptance, float), 0.0, 1.0 - 1e-9)
    return np.asarray((1.0 - a ** (np.asarray(draft_tokens, float) + 1.0)) / (1.0 - a))


def speculative_tpot(
    step: Number, checked_step: Number, draft_tokens: Number, acceptance: Number, draft_cost: Number
) -> Array:
    """Time per output token with speculation: guessing and checking, shared by the tokens gained. [s]

    Args:
        step: Time of a plain decode step, in whose shares ``draft_cost`` is given. [s]
        checked_step: Time of a step that carries ``draft_tokens`` + 1 tokens per sequence. [s]
        draft_tokens: Guesses per step. [token]
        acceptance: Chance that a guess is right. [1]
        draft_cost: Time of one guess over the time of a plain step. [1]
    """
    spent = np.asarray(checked_step, float) + np.asarray(draft_tokens) * np.asarray(draft_cost) * np.asarray(
        step, float
    )
    return np.asarray(spent / accepted_tokens(draft_tokens, acceptance))
