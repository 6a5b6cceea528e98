"""What each page and each API answer says, as plain data in no language: templates and JSON show the same object."""
