"""The worked examples in the docstrings of the economics room hold."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

from groundwire import economics

MODULES = [
    "groundwire.economics",
    *(m.name for m in pkgutil.walk_packages(economics.__path__, "groundwire.economics.")),
]
FORMULAS = ("carbon", "cost", "demand", "edge", "margin", "plans")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_has_a_worked_example(name: str) -> None:
    module = importlib.import_module(f"groundwire.economics.{name}")
    for public in module.__all__:
        thing = getattr(module, public)
        if inspect.isfunction(thing) and public not in ("disclosures", "embodied_range"):
            assert ">>>" in (thing.__doc__ or ""), public
