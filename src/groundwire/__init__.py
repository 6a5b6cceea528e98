"""Groundwire: news you can check, about the AI industry, that ends in your own numbers."""

__version__ = "0.1.0"
