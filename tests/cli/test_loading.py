"""What is imported for which command."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer.main

from groundwire.cli.main import MODULES, build


def test_every_command_comes_from_the_module_that_the_table_names() -> None:
    names = list(typer.main.get_group(build()).commands)
    assert sorted(names) == sorted(MODULES)


@pytest.mark.parametrize("command", list(MODULES))
def test_a_command_is_there_when_it_alone_is_asked_for(command: str) -> None:
    assert command in typer.main.get_group(build(["--home", "somewhere", command])).commands


def test_a_misspelt_command_is_looked_for_among_all() -> None:
    assert set(typer.main.get_group(build(["econmics"])).commands) == set(MODULES)


def test_the_workbench_starts_without_the_desk() -> None:
    code = (
        "import sys; from groundwire.cli.main import build; build(['economics', 'quote']);"
        "print([m for m in sys.modules if m.startswith(('groundwire.web', 'groundwire.storage', 'groundwire.briefs'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "[]\n"
