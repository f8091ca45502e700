"""What a reader is, and what it hands over: pages as they stand in the file, before passages and facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..limits import Limits
from ..models import Page, Suspicion


@dataclass(frozen=True)
class OutlineEntry:
    """One line of a document's own outline (bookmarks): its title, its depth (1 is the highest), its page (or 0)."""

    title: str
    level: int
    page: int = 0


@dataclass
class RawDocument:
    """A file's content as a reader gives it.

    `metadata` has lower-case keys (title, author, subject, created, modified, status). `left_out` holds short phrases
    for what could not be read ("pages 3 and 5 are pictures without readable words"): a document with any is `partly`.
    """

    pages: list[Page]
    metadata: dict[str, str] = field(default_factory=dict)
    suspicions: list[Suspicion] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class Reader(Protocol):
    """Reads one format.

    `read` raises an `IngestionError` whose text is a sentence when nothing can be read; what it can read in part it
    returns, with the rest in `left_out`.
    """

    name: str
    media_types: tuple[str, ...]

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """The file's pages."""
        ...
