"""The command line: thin; parses arguments, calls the rooms, prints."""

from groundwire.cli.main import main

__all__ = ["main"]
