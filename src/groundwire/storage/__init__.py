"""The only room that knows SQL: schema, migrations, and one module for each room's records."""

from groundwire.storage.store import Store

__all__ = ["Store"]
