"""Where document facts stand: the title block, running headers and footers, label lines, the last page.

A word such as "draft" or a date in running text says nothing about the document itself; in these zones it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..models import Fact, FactName, Page
from ..running import running_lines

TITLE_LINES = 30
TITLE_CHARS = 2200
SHORT_PAGE = 400
"""A first page with fewer characters is a cover: the title block then goes on on the next page."""
SENTENCE_CHARS = 170
"""A line longer than this is a sentence of the body (or a whole paragraph on one line)."""
WRAPPED_CHARS = 55
"""A line at least so long, without a stop, goes on in the next one."""
LONGEST_PARAGRAPH = 600
SHORT_DOCUMENT = 6
"""Pages up to which a certificate, permit, letter or policy is searched throughout."""
FIRST_PAGES = 3
LAST_PAGES = 1
ROW = re.compile(r": .*\s\|\s.*: ")
"""A table row as we write it, with the names of its columns."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page with its place."""

    page: int
    start: int
    end: int
    text: str


@dataclass
class Zones:
    """The lines in which facts are looked for."""

    pages: Sequence[Page]
    title: list[Line] = field(default_factory=list)
    """The title block: first lines of the document (and of page 2 after a cover)."""
    running: list[Line] = field(default_factory=list)
    """Running headers and footers, each once."""
    labels: list[Line] = field(default_factory=list)
    """All lines of the first pages and the last page (the whole document when it is short)."""

    @property
    def head(self) -> list[Line]:
        """Running lines and title block."""
        return [*self.title, *(line for line in self.running if line not in self.title)]

    def short(self) -> bool:
        """Whether the document is short enough to be about one thing."""
        return len(self.pages) <= SHORT_DOCUMENT


def find_zones(pages: Sequence[Page], *, rows: bool = False) -> Zones:
    """The zones of a document. With `rows` (spreadsheets) lines that are table rows are no place for facts."""
    zones = Zones(pages)
    filled = [page for page in pages if page.text.strip()]
    running = running_lines(pages)
    seen: set[str] = set()
    for page in filled:
        for start, end in running.get(page.number, ()):
            text = page.text[start:end].strip()
            if text.casefold() not in seen:
                seen.add(text.casefold())
                offset = page.text.index(text, start)
                zones.running.append(Line(page.number, offset, offset + len(text), text))
    characters = 0
    for page in filled[:2]:
        for line in lines_of(page):
            if rows and ROW.search(line.text):
                continue
            if len(zones.title) >= TITLE_LINES or characters > TITLE_CHARS:
                break
            zones.title.append(line)
            characters += len(line.text)
        if len(page.text) > SHORT_PAGE:
            break
    chosen = filled if len(filled) <= SHORT_DOCUMENT else [*filled[:FIRST_PAGES], *filled[-LAST_PAGES:]]
    zones.labels = list(zones.title) if rows else [line for page in chosen for line in lines_of(page)]
    return zones


def lines_of(page: Page) -> Iterator[Line]:
    """The lines of a page that are not blank, trimmed."""
    position = 0
    for raw in page.text.split("\n"):
        text = raw.strip()
        if text:
            start = position + raw.index(text[0])
            yield Line(page.number, start, start + len(text), text)
        position += len(raw) + 1


def segments(line: Line) -> Iterator[Line]:
    """Parts of a line between dashes, bars, semicolons and full stops: title blocks put several facts in one line."""
    position = 0
    for piece in re.split(r"(\s+-\s+|[|\t—–•·;；]|\.\s+|\s{3,})", line.text):
        text = piece.strip(" -.")
        if text and not re.fullmatch(r"[\W_]+", text):
            start = line.start + line.text.index(text, position)
            yield Line(line.page, start, start + len(text), text)
        position += len(piece)


def paragraphs(lines: Sequence[Line], pages: Sequence[Page]) -> list[Line]:
    """Lines with those joined that a wrap separates (their texts keep the line breaks)."""
    texts = {page.number: page.text for page in pages}
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        if (
            above is not None
            and above.page == line.page
            and texts[line.page][above.end : line.start].strip(" ") == "\n"
        ):
            last = above.text.rsplit("\n", 1)[-1]
            if len(last) >= WRAPPED_CHARS and last[-1] not in ".:;!?。" and len(above.text) <= LONGEST_PARAGRAPH:
                joined[-1] = Line(line.page, above.start, line.end, texts[line.page][above.start : line.end])
                continue
        joined.append(line)
    return joined


def fact(name: FactName, value: str, line: Line, first: int, last: int, confidence: float) -> Fact:
    """A fact whose words are `line.text[first:last]`."""
    quote = line.text[first:last]
    lead = len(quote) - len(quote.lstrip())
    quote = quote.strip()
    start = line.start + first + lead
    return Fact(
        name=name, value=value, quote=quote, page=line.page, start=start, end=start + len(quote), confidence=confidence
    )
