"""Plain text and Markdown: a form feed starts a new page, Markdown headings are kept as headings."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import EmptyFileError
from ..limits import Limits
from ..models import Heading, Page
from .base import OutlineEntry, RawDocument
from .decoding import decode

MARKDOWN_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t]*#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
FEWEST_HEADINGS = 2
"""A text of no Markdown name counts as Markdown from so many headings on; one "# " may be a comment."""


class TextReader:
    """`.txt`, `.md` and whatever else is readable text."""

    name = "text"
    media_types = ("text/plain", "text/markdown")

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """Pages are separated by form feeds."""
        return from_text(decode(path.read_bytes()), markdown=path.suffix.lower() in {".md", ".markdown"})


def from_text(text: str, *, markdown: bool = False) -> RawDocument:
    """Pages and headings of `text`. Raises `EmptyFileError` when there is no letter in it."""
    if not any(char.isalnum() for char in text):
        raise EmptyFileError("holds no text: check that it was saved completely.")
    markdown = markdown or len(MARKDOWN_HEADING.findall(text)) >= FEWEST_HEADINGS
    parts = text.split("\f")
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    pages, outline = [], []
    for number, part in enumerate(parts, 1):
        headings = markdown_headings(part) if markdown else ()
        pages.append(Page(number=number, text=part, headings=headings))
        outline += [OutlineEntry(part[found.start : found.end], found.level, number) for found in headings]
    return RawDocument(pages=pages, outline=outline)


def markdown_headings(text: str) -> tuple[Heading, ...]:
    """The `#` headings of `text` (offsets without the marks), code blocks left out."""
    code = [found.span() for found in FENCE.finditer(text)]
    return tuple(
        Heading(start=found.start(2), end=found.end(2), level=len(found[1]))
        for found in MARKDOWN_HEADING.finditer(text)
        if not any(start <= found.start() < end for start, end in code)
    )
