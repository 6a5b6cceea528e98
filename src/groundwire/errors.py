"""One tree of exceptions: attributes for programs, one sentence for people. Imports nothing of ours."""

from __future__ import annotations


class GroundwireError(Exception):
    """Anything that we foresee; the command line prints it as one line and exits non-zero."""


class SettingsError(GroundwireError):
    """A setting has a wrong value."""


class FetchError(GroundwireError):
    """A page or feed could not be had."""

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        permanent: bool = False,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason, self.permanent, self.status, self.retry_after_s = (
            url,
            reason,
            permanent,
            status,
            retry_after_s,
        )


class ForbiddenAddress(FetchError):  # noqa: N818  the rule is the name
    """An address that we refuse to connect to (private, loopback, reserved)."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason, permanent=True)


class ParseError(GroundwireError):
    """Foreign bytes could not be read as what they claim to be."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what}: {reason}")
        self.what, self.reason = what, reason

    def __reduce__(self) -> tuple[type[ParseError], tuple[str, str]]:
        """Pickle by what it was made of: it crosses from worker processes."""
        return ParseError, (self.what, self.reason)


class StorageError(GroundwireError):
    """The database can't do what was asked."""


class NotFound(GroundwireError):  # noqa: N818  what a reader calls it
    """No such thing; names the nearest where there is one."""


class GroundingError(GroundwireError):
    """A statement does not say what its citation says: a defect of ours, and nothing was published."""


class EconomicsError(GroundwireError):
    """A scenario that can't be worked out: names the field and the remedy."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason
