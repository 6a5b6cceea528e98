"""What becomes of a page when a source takes its words back: noticing it, and saying so."""

from groundwire.corrections.compare import Correction, compare
from groundwire.corrections.retraction import retraction_notice
from groundwire.corrections.schedule import GONE_LOOKS, LOOKS, next_look

__all__ = ["GONE_LOOKS", "LOOKS", "Correction", "compare", "next_look", "retraction_notice"]
