"""What serving costs: rented, owned, from a hosted API. One formula per function; all broadcast; USD and SI units.

Prices per hour, kilowatt-hour or million tokens are converted at the edges (``units``).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from groundwire.economics.units import MILLION

__all__ = [
    "capital_recovery",
    "electricity_cost",
    "hosted_call_cost",
    "hosting_cost",
    "maintenance_cost",
    "rental_cost",
    "split_cost_by_tokens",
]

Array = npt.NDArray[np.float64]
Number = npt.ArrayLike


def _a(value: Number) -> Array:
    return np.asarray(value, float)


def rental_cost(devices: Number, price: Number) -> Array:
    """Rent of devices, used or not: ``n * p``.

    Args:
        devices: Mean number rented, n. [device]
        price: Rent of one, p (a price of 3.60 USD/h is 0.001 USD/s). [USD/(device s)]

    Returns:
        [USD/s]

    Example:
        >>> float(rental_cost(8, 0.001))
        0.008
    """
    return np.asarray(_a(devices) * _a(price))


def capital_recovery(price: Number, residual_share: Number, life: Number, rate: Number) -> Array:
    """Yearly payment that returns a purchase with interest: ``(P - S) i / (1 - (1 + i)^-n) + S i``.

    The capital-recovery formula of engineering economics: what is not got back at the end (P - S) is an annuity, what
    is (S) costs interest meanwhile. Without interest it is straight-line: ``(P - S) / n``.

    Args:
        price: Purchase with all that belongs to it, P. [USD]
        residual_share: Resale value S over P. [1]
        life: Years in use, n. [year]
        rate: Cost of capital, i. [1/year]

    Returns:
        [USD/year]

    Example:
        >>> float(capital_recovery(100_000, 0.1, 4, 0.0))
        22500.0
        >>> float(capital_recovery(100_000, 0.0, 5, 0.1).round(2))  # 100 000 x 0.263797
        26379.75
    """
    p, s, n, i = _a(price), _a(residual_share), _a(life), _a(rate)
    safe = np.where(i > 1e-9, i, 1.0)
    annuity = np.where(i > 1e-9, safe / (1.0 - (1.0 + safe) ** -n), 1.0 / n)
    return np.asarray(p * (1.0 - s) * annuity + p * s * i)


def electricity_cost(power: Number, pue: Number, price: Number) -> Array:
    """Electricity of IT equipment and of the building around it: ``W * PUE * e``.

    Args:
        power: Mean draw of the IT equipment, W. [W]
        pue: Power usage effectiveness: facility energy over IT energy. [1]
        price: Electricity, e (0.09 USD/kWh is 2.5e-8 USD/J). [USD/J]

    Returns:
        [USD/s]

    Example:
        >>> round(float(electricity_cost(1000, 1.2, 0.1 / 3.6e6)) * 3600, 6)  # a kilowatt at PUE 1.2 and 0.10 USD/kWh
        0.12
    """
    return np.asarray(_a(power) * _a(pue) * _a(price))


def hosting_cost(power_rated: Number, price: Number) -> Array:
    """Colocation, billed on the power that is provisioned: ``W_max * h``.

    Args:
        power_rated: Rated power of the IT equipment. [W]
        price: Space and power capacity, h (180 USD per kW and month is 6.8e-8 USD/(W s)). [USD/(W s)]

    Returns:
        [USD/s]

    Example:
        >>> float(hosting_cost(10_000, 6e-8))
        0.0006
    """
    return np.asarray(_a(power_rated) * _a(price))


def maintenance_cost(price: Number, share: Number) -> Array:
    """Spares, support contracts, staff on site: a yearly share of the purchase. [USD/year]

    Example:
        >>> float(maintenance_cost(300_000, 0.05))
        15000.0
    """
    return np.asarray(_a(price) * _a(share))


def hosted_call_cost(
    input_tokens: Number,
    output_tokens: Number,
    cached_share: Number,
    input_price: Number,
    cached_price: Number,
    output_price: Number,
) -> Array:
    """One call of a hosted API: ``(i (1 - c) p_i + i c p_c + o p_o) / 10^6``.

    Args:
        input_tokens: Prompt, i. [token]
        output_tokens: Answer, o. [token]
        cached_share: Share of the prompt that the provider's prompt cache holds, c. [1]
        input_price: Per million, p_i. [USD/Mtoken]
        cached_price: Per million read from the cache, p_c. [USD/Mtoken]
        output_price: Per million, p_o. [USD/Mtoken]

    Returns:
        [USD/call]

    Example:
        >>> float(hosted_call_cost(2000, 500, 0.5, 2.0, 0.2, 10.0))  # 0.002 + 0.0002 + 0.005
        0.0072
    """
    i, c = _a(input_tokens), _a(cached_share)
    fresh = i * (1.0 - c) * _a(input_price)
    return np.asarray((fresh + i * c * _a(cached_price) + _a(output_tokens) * _a(output_price)) / MILLION)


def split_cost_by_tokens(
    cost: Number, input_tokens: Number, output_tokens: Number, prefill_share: Number
) -> tuple[Array, Array]:
    """Price per million input and output tokens that together make up a call's cost, split by the time each takes.

    Args:
        cost: One call. [USD/call]
        input_tokens: [token]
        output_tokens: [token]
        prefill_share: Share of device time that goes into prompts. [1]

    Returns:
        Per million input tokens, per million output tokens. [USD/Mtoken]

    Example:
        >>> [float(x) for x in split_cost_by_tokens(0.01, 1000, 500, 0.2)]
        [2.0, 16.0]
    """
    c, share = _a(cost) * MILLION, _a(prefill_share)
    return np.asarray(c * share / _a(input_tokens)), np.asarray(c * (1.0 - share) / _a(output_tokens))
