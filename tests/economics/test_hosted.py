"""Prices of hosted APIs: dated, cached, batched, and found by the names people write."""

from __future__ import annotations

from datetime import date

import pytest

from groundwire.economics.hosted import hosted_price, offers_of
from groundwire.errors import EconomicsError

DAY = date(2026, 11, 1)


def test_cached_input_and_batch_cost_less() -> None:
    price = hosted_price("anthropic/claude-haiku-4-5", on=DAY)
    assert price.cached_known
    assert 0 < price.cached < price.input < price.output
    assert price.batch is not None
    assert price.batch[2] == pytest.approx(price.output / 2)


def test_a_long_prompt_reaches_the_dearer_tier() -> None:
    short = hosted_price("google/gemini-2.5-pro", on=DAY, input_tokens=10_000)
    long = hosted_price("google/gemini-2.5-pro", on=DAY, input_tokens=500_000)
    assert short.tiered
    assert long.input > short.input


def test_open_models_are_found_at_their_hosts_under_many_spellings() -> None:
    offers = offers_of("llama-3.3-70b", on=DAY)
    assert len({o.provider for o in offers}) == len(offers) >= 2
    costs = [o.input + o.output for o in offers]
    assert costs == sorted(costs)


def test_no_offer_is_made_up_for_a_model_that_nobody_hosts() -> None:
    assert offers_of("not-a-model-at-all", on=DAY) == ()


@pytest.mark.parametrize(
    ("reference", "hint"),
    [("openai/gpt5.1", "did you mean 'openai/gpt-5.1'"), ("groq/zzzzqqq", "groq has no price"), ("bogus", "bogus")],
)
def test_an_unknown_model_is_answered_with_the_nearest(reference: str, hint: str) -> None:
    with pytest.raises(EconomicsError, match=r"^hosted: ") as caught:
        hosted_price(reference, on=DAY)
    assert hint in str(caught.value)


def test_a_model_that_is_priced_by_the_hour_of_sound_is_refused() -> None:
    with pytest.raises(EconomicsError, match="no price per text token"):
        hosted_price("groq/whisper-large-v3", on=DAY)


def test_another_service_tier_is_asked_for_by_name() -> None:
    standard, flex = hosted_price("openai/gpt-5.1", on=DAY), hosted_price("openai/gpt-5.1@flex", on=DAY)
    assert flex.output == pytest.approx(standard.output / 2)
    assert flex.name == "openai/gpt-5.1@flex"
    with pytest.raises(EconomicsError, match=r"has no service tier 'gold' on .*choose .*flex"):
        hosted_price("openai/gpt-5.1@gold", on=DAY)


def test_a_batch_price_counts_from_the_day_it_is_known() -> None:
    assert hosted_price("anthropic/claude-haiku-4-5", on=date(2026, 10, 1)).batch is None
    assert hosted_price("anthropic/claude-haiku-4-5", on=date(2026, 11, 1)).batch == (0.5, 0.05, 2.5)


def test_writing_to_the_cache_has_its_own_price() -> None:
    assert hosted_price("anthropic/claude-haiku-4-5", on=DAY).write_share == pytest.approx(1.25)
    assert hosted_price("openai/gpt-5.1", on=DAY).write_share == 1.0
