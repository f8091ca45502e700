"""The sentences of files that could not be read."""

from __future__ import annotations

from .errors import MemoryLimitError, SandboxError, TimedOutError
from .models import DocumentRead, ReadStatus


def predicate(error: Exception) -> str:
    """What to say of a file after its name."""
    if isinstance(error, TimedOutError):
        return f"could not be read in time ({error}): split it, or save it again in a simpler form."
    if isinstance(error, MemoryLimitError):
        return f"could not be read ({error}): split it into smaller files."
    if isinstance(error, SandboxError):
        return f"could not be read ({error}): it may be damaged; save it again or get a fresh copy."
    return str(error)


def unreadable(name: str, sha256: str, kind: str, size: int, what: str) -> DocumentRead:
    """The result for a file of which nothing could be read; `what` follows its name in the sentence."""
    return DocumentRead(
        sha256=sha256, name=name, media_type=kind, size=size, status=ReadStatus.UNREADABLE, reason=f"{name} {what}"
    )
