"""``python -m groundwire``: the command line."""

from groundwire.cli import main

main()
