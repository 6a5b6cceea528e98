"""Event + articles + evidence -> brief: every element of the event page, each statement the exact words of a source."""

from groundwire.briefs.check import check_citations, statements
from groundwire.briefs.compose import compose
from groundwire.briefs.contest import in_summary
from groundwire.briefs.serialise import from_json, to_json

__all__ = ["check_citations", "compose", "from_json", "in_summary", "statements", "to_json"]
