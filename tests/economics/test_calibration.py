"""The fit finds what made the data, keeps unseen groups at the common value, and survives writing and reading."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from toy_deployment import DENSE, DEVICE, served

from groundwire.economics.calibration import (
    RULES,
    UNSTATED,
    Basis,
    Calibration,
    engine_class,
    engine_release,
    link,
    load_calibration,
    parse_calibration,
    render_calibration,
)
from groundwire.economics.cross_validation import calibrate, folds, intervals_of
from groundwire.economics.fitting import (
    Layout,
    Rows,
    calibration_of,
    fit,
    fit_power,
    predict_rows,
    rows_of,
    stack_parameters,
)
from groundwire.economics.measurements import Measurement
from groundwire.economics.power import POWER_PRIOR
from groundwire.errors import EconomicsError


def measured(calibration: Calibration, noise: float = 0.0) -> list[Measurement]:
    """Forty settings of the toy device, measured as ``calibration`` predicts them, give or take noise."""
    rng = np.random.default_rng(1)
    bare = [
        Measurement(
            deployment=served(DENSE, precision=precision), input_tokens=inputs, output_tokens=200.0,
            concurrency=batch, mode="closed", values={"inter_token_latency": 1.0, "power": 100.0}, model="toy",
            device="toy", source="made up", row=f"{precision} {inputs} {batch}",
        )
        for precision in ("bf16", "fp8") for inputs in (16.0, 128.0, 512.0, 2048.0) for batch in (1.0, 4.0, 16.0, 64.0, 128.0)
    ]  # fmt: skip
    rows = rows_of(bare)
    predicted = predict_rows(rows, stack_parameters(calibration, [m.deployment for m in bare]), calibration.power)
    return [
        replace(m, values={"inter_token_latency": float(predicted["tpot"][i] * np.exp(noise * rng.normal())),
                           "power": float(predicted["power_w"][i])})
        for i, m in enumerate(bare)
    ]  # fmt: skip


TRUTH = Calibration(
    common={"bandwidth": -1.0, "layer": 0.8}, effects={}, power={**POWER_PRIOR, "full": 0.7, "memory": 0.25}
)


def test_the_fit_explains_data_that_the_formulas_made() -> None:
    data = measured(TRUTH)
    rows = rows_of(data)
    layout, theta, deviation = fit(rows, rounds=40)
    predicted = predict_rows(rows, layout.parameters(theta), POWER_PRIOR)["tpot"]
    errors = np.abs(predicted / np.array([m.values["inter_token_latency"] for m in data]) - 1)
    assert np.median(errors) < 0.01
    assert (deviation > 0).all()


def test_the_law_of_power_is_found_again() -> None:
    rows = rows_of(measured(TRUTH))
    found = fit_power(rows, stack_parameters(TRUTH, [m.deployment for m in rows.measurements]))
    assert found["full"] * 0.0032456704 ** found["resident"] == pytest.approx(
        0.7 * 0.0032456704 ** TRUTH.power["resident"], rel=0.05
    )
    assert found["memory"] == pytest.approx(0.25, abs=0.02)
    assert found["compute"] == pytest.approx(POWER_PRIOR["compute"], abs=0.02)


def test_rows_without_weight_do_not_move_the_fit() -> None:
    data = measured(TRUTH)
    wrong = [replace(m, values={"inter_token_latency": 50.0}) for m in data[:10]]
    rows = rows_of([*data, *wrong])
    weights = np.array([1.0] * len(data) + [0.0] * len(wrong))
    layout, theta, _ = fit(rows, rounds=40, weights=weights)
    predicted = predict_rows(rows, layout.parameters(theta), POWER_PRIOR)["tpot"][: len(data)]
    errors = np.abs(predicted / np.array([m.values["inter_token_latency"] for m in data]) - 1)
    assert np.median(errors) < 0.01


def test_an_unseen_group_takes_the_common_value() -> None:
    rows = rows_of(measured(TRUTH))
    layout, theta, deviation = fit(rows, rounds=10)
    c = calibration_of(rows, layout, theta, deviation, POWER_PRIOR, {})
    other = served(
        DENSE, accelerator=replace(DEVICE, name="other", family="unheard-of", kind="npu"), engine="nothing known"
    )
    expected = link(RULES["bandwidth"], c.common["bandwidth"] + c.effects["bandwidth"]["format"]["bf16"])
    assert c.parameters(other).bandwidth == pytest.approx(float(expected))
    assert c.tier(other) == "data sheets only"
    assert c.tier(served(DENSE)) == "calibrated on this pair"
    assert c.tier(served(replace(DENSE, name="another"))) == "calibrated on neighbours"


def test_shares_stay_below_one_however_far_they_move() -> None:
    assert float(link(RULES["bandwidth"], 50.0)) <= 1.0
    assert float(link(RULES["bandwidth"], 0.0)) == pytest.approx(0.75)
    assert float(link(RULES["layer"], np.log(2.0))) == pytest.approx(2 * RULES["layer"].prior)


def test_what_is_written_is_read_again() -> None:
    shipped = load_calibration()
    again = parse_calibration(render_calibration(shipped))
    assert again.parameters(served()) == shipped.parameters(served())
    assert again.power == pytest.approx(shipped.power, rel=1e-4)
    assert again.quantiles == shipped.quantiles
    assert again.pairs == shipped.pairs


def test_a_damaged_file_says_so() -> None:
    with pytest.raises(EconomicsError, match="damaged"):
        parse_calibration("[parameter]\nx = 1")


def test_the_shipped_intervals_hold_one_and_widen_with_the_distance() -> None:
    quantiles = load_calibration().quantiles
    for kind in ("dense", "mixture"):
        for metric in ("ttft", "tpot", "tokens_per_s", "power_w", "joule_per_token"):
            bounds = {basis: quantiles[f"{basis}, {kind}"][metric] for basis in get_args(Basis)}
            assert all(low < 1 < high for low, high in bounds.values())
            width = {basis: high / low for basis, (low, high) in bounds.items()}
            assert width["this pair"] <= 1.05 * width["another model"]
            assert width["another model"] <= min(width["another family"], width[UNSTATED])


def test_no_parameter_belongs_to_a_model() -> None:
    shipped = load_calibration()
    groups = {g for pools in shipped.effects.values() for pool in pools.values() for g in pool}
    assert not groups & shipped.models


def test_engines_are_known_by_family() -> None:
    assert engine_class("TensorRT-LLM 1.0") == engine_class("trtllm") == "trtllm"
    assert engine_class("vLLM 0.9.0, PyTorch") == "vllm"
    assert engine_class("ollama/llama.cpp") == "llama.cpp"
    assert engine_class("something new") == "other"


def test_a_release_is_a_family_and_its_first_two_numbers() -> None:
    assert engine_release("trtllm 1.1.0rc2.post2") == "trtllm 1.1"
    assert engine_release("vLLM") == "vllm"


def test_large_groups_are_left_out_alone_and_each_group_once() -> None:
    keys = ["large"] * 100 + [f"small {i}" for i in range(20)]
    found = folds(keys)
    assert {"large"} in found
    assert sorted(g for fold in found for g in fold) == sorted(set(keys))


def left_out(rows: Rows, errors: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Predictions that are off by ``errors`` (natural logarithm), the same whatever was left out."""
    right = np.array([m.values["inter_token_latency"] for m in rows.measurements])
    unknown = np.full(len(rows), np.nan)
    one = {
        "tpot": right / np.exp(errors),
        **dict.fromkeys(("ttft", "tokens_per_s", "power_w", "joule_per_token"), unknown),
    }
    return dict.fromkeys(("row", "model", "device", "family"), one)


def on(device: str, count: int = 40) -> list[Measurement]:
    """Some of the forty settings, on a device of another name."""
    other = replace(DEVICE, name=device)
    return [replace(m, deployment=replace(m.deployment, accelerator=other)) for m in measured(TRUTH)[:count]]


def test_intervals_hold_eight_tenths_of_what_they_were_made_from() -> None:
    rows = rows_of([m for i in range(8) for m in on(f"device {i}")])
    errors = np.random.default_rng(3).normal(0.0, 0.3, len(rows))
    low, high = intervals_of(rows, left_out(rows, errors))["another device, dense"]["tpot"]
    assert np.mean((np.exp(errors) >= low) & (np.exp(errors) <= high)) == pytest.approx(0.8, abs=0.02)


def test_a_device_with_many_rows_does_not_drown_the_others() -> None:
    rows = rows_of([*on("large", 36), *(m for i in range(9) for m in on(f"small {i}", 1))])
    errors = np.array([0.0] * 36 + [-1.0] * 4 + [1.0] * 5)  # by rows 9 % err downward, by their square roots 4 of 15
    low, high = intervals_of(rows, left_out(rows, errors))["another device, dense"]["tpot"]
    assert (low, high) == pytest.approx((np.exp(-1.0), np.exp(1.0)))


def test_few_devices_make_an_interval_that_is_even_both_ways() -> None:
    rows = rows_of([*on("one", 20), *on("two", 20)])
    low, high = intervals_of(rows, left_out(rows, np.full(40, 0.5)))["another device, dense"]["tpot"]
    assert (low, high) == pytest.approx((np.exp(-0.5), np.exp(0.5)))


def test_a_new_model_a_new_device_and_a_new_family_have_intervals_of_their_own() -> None:
    c = replace(TRUTH, models=frozenset({"toy"}), families=frozenset({DEVICE.family}))
    known = served(replace(DENSE, name="toy"))
    assert c.basis(known) == "another device"
    assert c.basis(served(replace(DENSE, name="new"))) == "another model"
    assert c.basis(served(DENSE, accelerator=replace(DEVICE, family="new"))) == "another family"
    assert replace(c, pairs=frozenset({f"toy/{DEVICE.name}"})).basis(known) == "this pair"


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(EconomicsError, match="30 or more"):
        calibrate(measured(TRUTH)[:5])


def test_starting_from_a_calibration_starts_at_its_values() -> None:
    rows = rows_of(measured(TRUTH))
    layout = Layout(rows)
    shipped = load_calibration()
    p = layout.parameters(layout.start(shipped))
    expected = stack_parameters(shipped, [m.deployment for m in rows.measurements])
    assert np.asarray(p.layer) == pytest.approx(np.asarray(expected.layer))


def test_another_release_of_the_engine_makes_a_known_pair_less_sure() -> None:
    c = replace(
        TRUTH,
        releases=frozenset({"vllm 0.9", "vllm by somebody"}),
        models=frozenset({"toy"}),
        families=frozenset({DEVICE.family}),
    )
    c = replace(c, pairs=frozenset({f"toy/{DEVICE.name}"}))
    known = served(replace(DENSE, name="toy"))
    assert c.basis(replace(known, engine="vllm 0.9.1")) == "this pair"
    assert c.basis(replace(known, engine="vllm 0.12")) == "another release"
    assert c.basis(replace(known, engine="vllm")) == "another release"
    assert c.basis(replace(known, engine="vllm", campaign="somebody")) == "this pair"
    assert c.basis(replace(known, engine="vllm", campaign="somebody else")) == "another release"
    assert c.tier(replace(known, engine="vllm 0.12")) == "calibrated on this pair"
    assert c.basis(replace(known, engine="mlx")) == "another family"
    c = replace(
        c, quantiles={"another model, dense": {"tpot": (0.9, 1.5)}, "another release, dense": {"tpot": (0.8, 1.2)}}
    )
    new = served(replace(DENSE, name="new"), engine="vllm 0.9")
    assert c.intervals(new)["tpot"] == (0.9, 1.5)
    assert c.intervals(replace(new, engine="vllm 0.12"))["tpot"] == (0.8, 1.5)
