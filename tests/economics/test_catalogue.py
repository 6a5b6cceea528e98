"""The catalogue: what ships is whole and adds up; what users add stands beside it or says in one line what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.economics import generic_model, load_catalog
from groundwire.economics.application import build, example, read_application
from groundwire.economics.catalog import TOLERANCE
from groundwire.economics.spelling import sizes_in, words
from groundwire.errors import EconomicsError

CATALOG = load_catalog()
NAMED = [
    "a100", "l4", "l40s", "h100", "h200", "b200", "gb200", "b300", "mi300x", "mi325x", "mi355x", "tpu-v5e", "tpu-v6e",
    "trainium2", "gaudi3", "rtx-4090", "rtx-5090", "m4-max", "snapdragon-x-elite", "snapdragon-8-elite",
    "jetson-agx-orin",
]  # fmt: skip


# --- what ships ---------------------------------------------------------------------------------------------------


def test_at_least_25_models_add_up_to_what_their_publishers_say_or_state_why_not() -> None:
    told = [m for m in CATALOG.models.values() if m.published_parameters]
    assert len(told) >= 25
    for m in told:
        assert m.published_parameters is not None
        off = abs(m.parameters / m.published_parameters - 1)
        assert off <= TOLERANCE or m.note, m.name
        assert m.source, m.name
        assert m.checked, m.name


@pytest.mark.parametrize(
    "family", ["llama", "qwen", "gpt-oss", "gemma", "deepseek", "mistral", "mixtral", "glm", "kimi", "minimax", "phi"]
)
def test_every_family_is_there(family: str) -> None:
    assert any(name.startswith(family) for name in CATALOG.models)


def test_llama_3_1_8b_by_hand() -> None:
    # a layer: 4096 x (4096 + 2 x 1024 + 4096) attention + 3 x 4096 x 14336 feed-forward = 218 103 808; 32 of them,
    # and two vocabularies of 128 256 x 4096
    shape = CATALOG.model("llama-3.1-8b")
    assert shape.parameters == 32 * 218_103_808 + 2 * 128_256 * 4096 == 8_029_995_008
    assert shape.kv_bytes_per_token() == 2 * 32 * 8 * 128 * 2 == 131_072


def test_latent_attention_keeps_one_latent_for_all_heads() -> None:
    shape = CATALOG.model("deepseek-v3")
    assert shape.kv_bytes_per_token() == 61 * (512 + 64) * 2  # rank and rotary part, 61 layers, two bytes
    assert shape.active_parameters < 0.06 * shape.parameters


def test_sliding_layers_keep_no_more_than_their_window() -> None:
    attention = CATALOG.model("gpt-oss-120b").attention
    assert attention.sliding_layers == attention.layers / 2
    assert attention.sliding_window == 128


@pytest.mark.parametrize("name", NAMED)
def test_every_named_accelerator_has_figures_with_source_and_date(name: str) -> None:
    device = CATALOG.accelerators[name]
    assert device.source
    assert device.checked
    assert device.peaks
    assert device.tdp > 0


def test_every_price_has_a_source_and_a_date_and_its_middle_between_its_ends() -> None:
    rows = [(name, p) for name, row in CATALOG.prices.items() for p in row.values()]
    assert len({name for name, _ in rows}) >= 15
    for name, price in rows:
        assert name in CATALOG.accelerators
        assert "checked 2026" in price.source, name
        assert 0 < price.range.low <= price.range.mid <= price.range.high


def test_a_name_is_found_in_any_spelling_and_a_slip_is_answered_with_the_nearest() -> None:
    for spelling in ("meta-llama/Llama-3.1-8B-Instruct", "LLAMA 3.1 8b", "llama3.1-8b-instruct-fp8"):
        assert CATALOG.model(spelling).name == "llama-3.1-8b"
    assert CATALOG.accelerator("NVIDIA H100 80GB SXM").name == "h100"
    with pytest.raises(EconomicsError, match="did you mean"):
        CATALOG.model("llamma-3.1-8")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("meta-llama/Llama-3.3-70B-Instruct-FP8", "llama-3.1-70b"),
        ("Qwen/Qwen2.5-72B-Instruct-GPTQ-Int4", "qwen-2.5-72b"),
        ("Qwen/Qwen3-14B-AWQ", "qwen-3-14b"),
        ("llama 8B Q4_K - Medium", "llama-3.1-8b"),
        ("qwen3moe 30B.A3B Q4_K - Medium", "qwen-3-30b-a3b"),
        ("gpt-oss 20B MXFP4 MoE", "gpt-oss-20b"),
        ("nvidia/DeepSeek-R1-0528-NVFP4", "deepseek-v3"),
        ("SomeLab/Quill-3-Llama-3.1-8B", "llama-3.1-8b"),
        ("stabilityai/stablelm-2-1_6b", "stablelm-2-1.6b"),
    ],
)
def test_models_are_found_as_benchmarks_write_them(written: str, meant: str) -> None:
    assert CATALOG.model(written).name == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NVIDIA H100 80GB HBM3", "h100"),
        ("M2 Ultra 76c", "m2-ultra"),
        ("M2 Ultra 60c", "m2-ultra-60"),
        ("AMD Instinct MI300X OAM", "mi300x"),
        ("Raspberry Pi 5 8GB", "bcm2712"),
        ("Snapdragon X Elite", "snapdragon-x-elite"),
        ("RTX 3090", "rtx-3090"),
        ("A100-SXM4-40GB", "a100-40gb"),
        ("NVIDIA A100-PCIE-40GB", "a100-pcie-40gb"),
        ("GH200", "gh200"),
        ("Tesla V100-SXM2-16GB", "v100-sxm-16gb"),
    ],
)
def test_devices_are_found_as_benchmarks_write_them(written: str, meant: str) -> None:
    assert CATALOG.accelerator(written).name == meant


def test_a_larger_relative_of_the_same_name_is_another_model() -> None:
    assert CATALOG.model_or_generic("mistralai/Mistral-Large-Instruct-2411").name == "mistral-large-123b"
    assert CATALOG.model_or_generic("Mistral-Large-900B").approximate


def test_a_size_is_read_in_a_name() -> None:
    assert sizes_in("quill-2-1_6b") == (1.6e9, None)
    assert sizes_in("Foo-30B-A3B") == (30e9, 3e9)
    assert sizes_in("bar 7b") == (7e9, None)
    assert sizes_in("no size") == (None, None)


@given(st.floats(min_value=3e8, max_value=5e11), st.floats(min_value=0.02, max_value=1.0))
def test_a_generic_shape_comes_near_the_size_it_stands_for(parameters: float, share: float) -> None:
    shape = generic_model(parameters, parameters * share)
    assert 0.6 < shape.parameters / parameters < 1.6
    assert shape.approximate
    assert shape.active_parameters <= shape.parameters * 1.001


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_spelling_does_more_than_be_unknown(name: str) -> None:
    assert words(words(name)) == words(name)
    for find in (CATALOG.model, CATALOG.accelerator):
        try:
            find(name)
        except EconomicsError as error:
            assert "\n" not in str(error) or "\n" in name


# --- what users add -----------------------------------------------------------------------------------------------

OWN = """
[[accelerator]]
name = "quoin-1"
title = "Quoin One"
vendor = "Quoin"
kind = "datacenter asic"
family = "quoin"
bf16_flop_per_s = 4e14
memory_byte = 9.6e10
memory_bandwidth_byte_per_s = 3e12
link_byte_per_s = 3e11
link = "ring"
link_domain = 8
tdp_w = 450
cooling = "air"
year = 2026
source = "data sheet"
checked = "2026-11-01"
rent_usd_per_hour = { low = 1.0, high = 1.44, source = "offer", checked = "2026-11-01" }

[[price]]
accelerator = "h100"
rent."on-demand" = [1.6, 2.5]
source = "our contract"
checked = "2026-11-01"

[grid.HALL7]
title = "Our hall"
carbon_g_per_kwh = [40, 60]
usd_per_kwh = 0.05
water_l_per_kwh = 1
source = "our supplier, 2026"

[cooling.immersion]
pue = 1.04
water_l_per_kwh = 0
source = "measured at our site, 2026"
"""


def own(tmp_path: Path, text: str = OWN) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_users_files_stand_beside_the_shipped_ones_and_win_over_them(tmp_path: Path) -> None:
    catalog = load_catalog([own(tmp_path)])
    added = catalog.price(catalog.accelerator("Quoin One"), "on-demand")
    assert added is not None
    assert added.range.mid == pytest.approx(1.2)  # geometric middle of 1.0 and 1.44
    assert "offer; checked 2026-11-01" in added.source
    contract = catalog.price(catalog.accelerators["h100"], "on-demand")
    assert contract is not None
    assert contract.range.mid == pytest.approx(2.0)
    assert catalog.price(catalog.accelerators["h100"], "reserved") == CATALOG.price(
        CATALOG.accelerators["h100"], "reserved"
    )
    assert CATALOG.price(CATALOG.accelerators["h100"], "on-demand") != contract  # the shipped one is untouched


def test_a_scenario_may_stand_on_users_own_ground(tmp_path: Path) -> None:
    table = dict(example("chat-assistant"))
    table["site"] = {"region": "Our hall", "cooling": "immersion"}
    scenario = build(table, catalog=load_catalog([own(tmp_path)]))
    assert scenario.mid("pue") == 1.04
    assert scenario.mid("carbon_g_per_kwh") == pytest.approx(2400**0.5)
    assert scenario.mid("electricity_usd_per_kwh") == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Quoin One"\n', "", "title: is missing"),
        ("memory_byte = 9.6e10", "memory_byte = 96", "memory: 96 lies outside 1e+08"),
        ("memory_byte = 9.6e10", 'memory_byte = "96 GB"', "memory: must be float"),
        ("tdp_w = 450", "tdp_watt = 450", "tdp_watt: is no field of this entry; did you mean tdp_w"),
        ('kind = "datacenter asic"', 'kind = "toaster"', "'toaster' is none of"),
        ("low = 1.0, high = 1.44", "low = 2.0, high = 1.44", "must be positive and in order"),
        ('accelerator = "h100"', 'accelerator = "h1oo"', "'h1oo' is unknown; did you mean"),
        ("[1.6, 2.5]", "[160, 2500]", "must lie in 0.001 to 1000 USD per device and hour"),
        ('rent."on-demand"', 'rent."ondemnd"', "did you mean 'on-demand'"),
        ('source = "our contract"\n', "", "price of 'h100': source: is missing"),
        ("carbon_g_per_kwh = [40, 60]", "carbon_g_per_kwh = 40000", "must lie in 0 to 3000"),
        ("carbon_g_per_kwh = [40, 60]", "carbon_gram = 40", "did you mean 'carbon_g_per_kwh'"),
        ('source = "our supplier, 2026"\n', "", "grid.HALL7.source: is missing"),
        ("pue = 1.04", "pue = 0.9", "must lie in 1 to 4"),
        ("pue = 1.04\n", "", "cooling.immersion.pue: is missing"),
        ("[cooling.immersion]", "[colling.immersion]", "did you mean 'cooling'"),
        ("[[price]]", "[[price]", "is not valid TOML"),
    ],
)
def test_a_wrong_entry_is_one_line_with_file_entry_and_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in OWN
    with pytest.raises(EconomicsError) as caught:
        load_catalog([own(tmp_path, OWN.replace(old, new, 1))])
    assert message in str(caught.value)
    assert "own.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_that_does_not_add_up_is_refused_unless_it_says_why(tmp_path: Path) -> None:
    text = """
[[model]]
name = "brindle-8b"
hidden_size = 4096
vocab_size = 128256
attention = { layers = 32, heads = 32, kv_heads = 8, head_dim = 128 }
dense_layers = 32
ffn_size = 14336
published_parameters = 9e9
source = "model card"
"""
    with pytest.raises(
        EconomicsError, match=r"published_parameters.*the shape makes 8\.03e\+09; correct it or say why"
    ):
        load_catalog([own(tmp_path, text)])
    assert load_catalog([own(tmp_path, text + 'note = "counts a vision tower"\n')]).model("brindle-8b").parameters > 8e9


def test_an_application_file_names_its_own_catalogue_files_and_configs(tmp_path: Path) -> None:
    own(tmp_path)
    folder = tmp_path / "Brindle-3B"
    folder.mkdir()
    config = {"model_type": "llama", "hidden_size": 2048, "num_hidden_layers": 24, "num_attention_heads": 16,
              "num_key_value_heads": 4, "intermediate_size": 8192, "vocab_size": 32_000}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(
        'catalog = ["own.toml", "Brindle-3B"]\n[workload]\nusers = 900\nrequests_per_user_day = 5\n'
        'input_tokens = 500\noutput_tokens = 200\n[serving]\nmodels = ["Brindle-3B"]\naccelerators = ["quoin-1"]\n',
        encoding="utf-8",
    )
    scenario = read_application(file)
    assert scenario.catalog.model("brindle-3b").hidden_size == 2048
    assert scenario.accelerators == ("quoin-1",)


def test_only_a_file_may_name_files() -> None:
    with pytest.raises(EconomicsError, match="can stand in an application file only"):
        build({**example("chat-assistant"), "catalog": ["/etc/passwd"]})
