"""The title of a document: what its first page shows largest or first, confirmed by the file's own metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..abbreviations import CONNECTORS
from ..models import Fact, FactName, Page
from .dates import find_dates
from .kinds import names_a_kind
from .zones import Line, Zones

LONGEST = 200
SHORTEST = 4
NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)|untitled|document\d*|presentation\d*|book\d*|slide \d+|título|titel"
    r"|powerpoint|layout \d+|print|scan\w*)\b"
    r"|\.(?:docx?|pdf|indd|qxd|xlsx?|pptx?|dwg|ai)$|^[\W\d_]+$|^[0-9a-f-]{16,}$",
    re.IGNORECASE,
)
LABEL = re.compile(r"^[^\W\d_][\w .ºª/]{1,28}:\s")
MAIL_LABEL = re.compile(r"^(?:from|to|cc|date|subject|de|para|a|an|von|do|à):", re.IGNORECASE)
DIVIDERS = re.compile(r"\s[—–|]\s|\s-\s|;|；")
FIRST_STOP = re.compile(r"[^\n]{12,}?\w{2}(?=\.\s|。|\)\.)\)?")
SENTENCE_END = re.compile(r"[.。!?]$")
TRAILING_LABEL = re.compile(r"[\s,(（]+[^\W\d_][^\W\d_ ]{0,14}\s*[:：]\s*[\d][\w./年月日 -]*[)）]?$")
SHEET = "Sheet: "
"""Label of a spreadsheet's page: "Sheet1" or "Summary" is no title."""
LONG_LINE = 80
MOST_WORDS = 14
"""Words of a line with a final stop from which it is a sentence and no title."""
YEAR_BELOW = re.compile(r"\s{1,3}((?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?)(?=\s*(?:\n|$))")
LETTERS = re.compile(r"[^\W\d_]")


def find_title(name: str, zones: Zones, metadata: Mapping[str, str], pages: Sequence[Page]) -> Fact | None:
    """The title with its words on page 1 or 2 where they stand there, else from metadata, else from the file's name."""
    declared = " ".join(metadata.get("title", "").split())
    sensible = SHORTEST <= len(declared) <= LONGEST and not NO_TITLE.search(declared) and len(declared.split()) > 1
    if sensible:
        for line in zones.title:
            at = _find(declared, line.text)
            if at is not None:
                return _fact(declared, line, *at, confidence=0.95)
    shown = _heading(pages) or _first_line(zones)
    if shown is not None:
        return shown
    if sensible:
        return Fact(name=FactName.TITLE, value=declared, origin="metadata", confidence=0.6)
    stem = re.sub(r"[_\s]+", " ", name.rsplit(".", 1)[0]).strip()
    return Fact(name=FactName.TITLE, value=stem, origin="filename", confidence=0.3) if LETTERS.search(stem) else None


def _fact(value: str, line: Line, first: int, last: int, confidence: float) -> Fact:
    return Fact(
        name=FactName.TITLE, value=value, quote=line.text[first:last], page=line.page,
        start=line.start + first, end=line.start + last, confidence=confidence,
    )  # fmt: skip


def _find(wanted: str, text: str) -> tuple[int, int] | None:
    pattern = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", wanted))
    match = re.search(pattern, text, re.IGNORECASE) if pattern else None
    return match.span() if match else None


def _heading(pages: Sequence[Page]) -> Fact | None:
    """The largest heading of the first page that has one; headings of that size right below belong to it."""
    for page in pages[:2]:
        if page.label.startswith(SHEET):
            return None
        headings = [found for found in page.headings if _usable(page.text[found.start : found.end])]
        if not headings:
            continue
        top = min(found.level for found in headings)
        first = next(index for index, found in enumerate(headings) if found.level == top)
        start, end = headings[first].start, headings[first].end
        for following in headings[first + 1 :]:
            between = page.text[end : following.start]
            if following.level != top or between.strip() or following.end - start > LONGEST:
                break
            end = following.end
        year = YEAR_BELOW.match(page.text, end)
        if year:
            end = year.end(1)
        quote = page.text[start:end]
        return Fact(name=FactName.TITLE, value=" ".join(quote.split())[:LONGEST], quote=quote, page=page.number,
                    start=start, end=end, confidence=0.8)  # fmt: skip
    return None


def _first_line(zones: Zones) -> Fact | None:
    running = {line.text.casefold() for line in zones.running} if len(zones.pages) > 1 else set()
    sheet = zones.pages[0].label.removeprefix(SHEET) if zones.pages else ""
    candidates = [line for line in zones.title if _usable(line.text) and line.text != sheet]
    for line in candidates[:8]:
        if line.text.casefold() in running and any(other.text.casefold() not in running for other in candidates[:8]):
            continue
        part = _part(line)
        if part is None:
            return None  # a sentence: the document begins without a title
        if part.end == line.end and part.text.split()[-1].lower() in CONNECTORS:
            part = _with_next(part, zones)
        return _fact(" ".join(part.text.split()), part, 0, len(part.text), confidence=0.6)
    return None


def _with_next(part: Line, zones: Zones) -> Line:
    """A title whose first line ends in "of" goes on in the next line."""
    text = next(page.text for page in zones.pages if page.number == part.page)
    below = next((line for line in zones.title if line.page == part.page and line.start > part.end), None)
    if below is None or below.end - part.start > LONGEST:
        return part
    return Line(part.page, part.start, below.end, text[part.start : below.end])


def _part(line: Line) -> Line | None:
    """The title within a line: title blocks put company, title, version and date in one. None for a sentence."""
    parts = [part for part in _parts(line) if _usable(part.text)]
    if len(parts) > 1 and len(line.text) > LONG_LINE:
        short = [part for part in parts[:4] if len(part.text) <= LONGEST]
        named = next((part for part in short if names_a_kind(part.text)), None)
        return named or (short[0] if short else None)
    if len(line.text) > LONGEST or (SENTENCE_END.search(line.text) and len(line.text.split()) > MOST_WORDS):
        return None
    label = TRAILING_LABEL.search(line.text)
    end = label.start() if label and _usable(line.text[: label.start()]) else len(line.text)
    return Line(line.page, line.start, line.start + end, line.text[:end])


def _parts(line: Line) -> list[Line]:
    """Parts of a line between dashes, bars and semicolons, each cut at its first full stop if it has few words."""
    found = []
    position = 0
    for piece in DIVIDERS.split(line.text):
        whole = piece.strip()
        stop = FIRST_STOP.match(whole)
        text = stop[0] if stop and len(stop[0].split()) <= MOST_WORDS else whole
        if text:
            at = line.text.index(text, position)
            found.append(Line(line.page, line.start + at, line.start + at + len(text), text))
            position = at + len(whole)
    return found


def _usable(text: str) -> bool:
    letters = len(LETTERS.findall(text))
    if letters < SHORTEST - (text > "\u2e80") * 2 or NO_TITLE.search(text.strip()) or MAIL_LABEL.match(text):
        return False
    if LABEL.match(text) and len(text) < 60:
        return False
    dated = next(find_dates(text), None)
    return dated is None or letters > 1.5 * (dated.end - dated.start)
