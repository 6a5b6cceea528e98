"""Energy, gases and water by hand-worked numbers; figures carry their source."""

from __future__ import annotations

import math

import pytest

from groundwire.economics import carbon, load_catalog
from groundwire.economics.sites import find_grid
from groundwire.economics.units import KWH, WH, YEAR
from groundwire.errors import EconomicsError


def test_half_a_request_a_second_on_a_kilowatt_takes_two_thirds_of_a_watt_hour() -> None:
    assert float(carbon.facility_energy(1000, 0.5, 1.2)) / WH == pytest.approx(2 / 3)


def test_a_kilowatt_hour_on_a_400_gram_grid_emits_400_grams() -> None:
    assert float(carbon.operational_emissions(KWH, 0.4 / KWH)) == pytest.approx(0.4)


def test_making_a_board_spreads_over_four_years_of_requests() -> None:
    # 1312 kg over 4 years at 10 requests/s
    grams = float(carbon.embodied_emissions(164, 8, 4 * YEAR, 10.0)) * 1000
    assert grams == pytest.approx(1312e3 / (4 * YEAR * 10), rel=1e-9)


def test_site_water_counts_per_it_energy_and_grid_water_per_facility_energy() -> None:
    assert float(carbon.water_use(KWH, 1.25, 0.5 / KWH, 3.0 / KWH)) == pytest.approx(3.4)


def test_power_runs_from_idle_to_busy_as_requests_come() -> None:
    assert float(carbon.mean_power(600, 100, 0)) == 100.0
    assert float(carbon.mean_power(600, 100, math.log(2))) == pytest.approx(350.0)
    assert float(carbon.mean_power(600, 100, 100)) == pytest.approx(600.0)


def test_the_host_draws_beside_the_devices() -> None:
    assert float(carbon.it_power(1000, 0.43)) == pytest.approx(1430.0)


def test_every_grid_has_a_plausible_intensity_and_a_source() -> None:
    for entry in load_catalog().grids.values():
        assert 5e-3 / KWH < entry.intensity.mid < 1.2 / KWH, entry.name
        assert entry.source
        assert entry.price is None or entry.price_source


def test_a_country_is_found_by_code_and_by_name_and_a_slip_is_answered_with_the_nearest() -> None:
    assert find_grid(load_catalog().grids, "de").name == find_grid(load_catalog().grids, "Germany").name == "DE"
    with pytest.raises(EconomicsError, match=r"^site.region: 'Germny' is unknown; did you mean 'Germany'"):
        find_grid(load_catalog().grids, "Germny")


def test_liquid_cooling_has_the_lowest_pue_and_every_cooling_its_source() -> None:
    types = load_catalog().cooling
    assert min(types.values(), key=lambda c: c.pue.mid).name == "liquid"
    assert all(c.source and c.water_source and c.pue.low >= 1 for c in types.values())


def test_disclosures_state_what_they_leave_out_and_who_said_so() -> None:
    found = carbon.disclosures()
    assert [d.date for d in found] == sorted((d.date for d in found), reverse=True)
    google = next(d for d in found if d.name.startswith("Google"))
    assert google.energy == pytest.approx(0.24 * WH)
    assert all(d.boundary and d.boundary_zh and d.source for d in found)
    mistral = next(d for d in found if d.name.startswith("Mistral"))
    assert mistral.energy is None  # none was published, so none is shown
