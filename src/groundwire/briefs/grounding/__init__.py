"""Statement + the sentences that it cites -> kept or withheld, and why: by code alone, no model, no network."""

from groundwire.briefs.grounding.check import check
from groundwire.briefs.grounding.translation import Embedder
from groundwire.briefs.grounding.verdict import EvidenceSentence, Finding, Verdict

__all__ = ["Embedder", "EvidenceSentence", "Finding", "Verdict", "check"]
