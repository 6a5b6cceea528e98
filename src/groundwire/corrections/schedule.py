"""When a cited article is looked at again: soon at first, ever more seldom, then no more.

Publishers mend most of what they mend within a day; each later look is rarer, and after the last one the stored words
stand as they were. An article costs its publisher at most six conditional requests.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

LOOKS: Final = (
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=90),
)
"""After it was first cited."""
GONE_LOOKS: Final = 2
"""So many looks in a row must find it gone before it counts as taken down: a mishap is no retraction."""
GONE_AGAIN: Final = timedelta(days=1)
"""How long after a look that found it gone it is looked for again."""
BUSY_AGAIN: Final = timedelta(hours=2)
"""The same where its publisher could not be asked."""


def next_look(step: int, cited_at: datetime, now: datetime) -> datetime | None:
    """When look number ``step`` (0: the first) is due; looks that were slept through are not made up for."""
    ahead = [cited_at + gap for gap in LOOKS[step:]]
    return next((at for at in ahead if at > now), None)
