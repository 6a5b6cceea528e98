"""Extracting: a page, or the feed's own words, to an article's text, title, author, time and language. Pure."""

from groundwire.extract.article import extract_article, extract_entry

__all__ = ["extract_article", "extract_entry"]
