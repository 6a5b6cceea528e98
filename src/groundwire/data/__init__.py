"""Data that ships: the starter list of sources."""
