"""On the user's device: what it costs you all the same."""

from __future__ import annotations

import pytest

from groundwire.economics import edge
from groundwire.economics.units import MONTH


def test_who_has_no_capable_device_is_served_from_the_cloud() -> None:
    assert float(edge.cloud_share(0.0, 1.0)) == 1.0
    assert float(edge.cloud_share(1.0, 1.0)) == 0.0
    assert float(edge.cloud_share(0.4, 0.7)) == pytest.approx(0.72)


def test_delivering_two_gigabytes_to_ten_thousand_users_costs_eighty_dollars_a_month() -> None:
    assert float(edge.delivery_cost(2e9, 0.02e-9, 0.2 / MONTH, 10_000)) * MONTH == pytest.approx(80.0)
