"""Articles become events: near-duplicates, embeddings, grouping, ranking, relating. Pure."""

from groundwire.events.cluster import EventIndex
from groundwire.events.embeddings import Embedder, UniversalSentenceEncoder
from groundwire.events.records import Assignment, Constraints, Document, Merge, Stored, Update

__all__ = [
    "Assignment",
    "Constraints",
    "Document",
    "Embedder",
    "EventIndex",
    "Merge",
    "Stored",
    "UniversalSentenceEncoder",
    "Update",
]
