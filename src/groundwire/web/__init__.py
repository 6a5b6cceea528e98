"""The site: thin routes over the store, templates, static files."""

from groundwire.web.app import create_app

__all__ = ["create_app"]
