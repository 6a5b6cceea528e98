"""Collecting: sources, polite and safe HTTP, feeds into entries. The only room that talks to publishers."""
