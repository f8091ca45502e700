"""Characters nobody sees: tag characters that spell ASCII, long runs of zero-width characters, direction overrides.

They are taken out of the page text, and what they spell is reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..models import Heading, Page, Suspicion

TAGS = re.compile("[\U000e0000-\U000e007f]+")
ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060-\u2064\ufeff\u180e\u115f\u1160\u3164\ufe00-\ufe0f]{6,}")
"""Runs only: single ones join emoji and shape Arabic or Indic words."""
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
INVISIBLE = re.compile(f"{TAGS.pattern}|{ZERO_WIDTH.pattern}|{OVERRIDES.pattern}")
FEWEST_OVERRIDES = 1
LONGEST_QUOTE = 300


def without_invisible(pages: Sequence[Page]) -> tuple[list[Page], list[Suspicion]]:
    """Pages without invisible characters (headings moved along), and what was found."""
    cleaned, found = [], []
    for page in pages:
        if not INVISIBLE.search(page.text):
            cleaned.append(page)
            continue
        spelled = "".join(
            chr(ord(char) - 0xE0000) for run in TAGS.findall(page.text) for char in run if ord(char) > 0xE001F
        )
        runs = len(ZERO_WIDTH.findall(page.text))
        overrides = len(re.findall("[\u202d\u202e]", page.text))
        if spelled or runs or overrides:
            what = "spell words in characters nobody sees" if spelled else "holds characters nobody sees"
            message = f"Page {page.number} {what}; they were taken out of its text."
            found.append(
                Suspicion(kind="hidden text", message=message, quote=spelled[:LONGEST_QUOTE], page=page.number)
            )
        cleaned.append(_stripped(page))
    return cleaned, found


def _stripped(page: Page) -> Page:
    gone = [match.span() for match in INVISIBLE.finditer(page.text)]

    def moved(offset: int) -> int:
        return offset - sum(min(end, offset) - start for start, end in gone if start < offset)

    headings = tuple(
        Heading(start=moved(heading.start), end=moved(heading.end), level=heading.level) for heading in page.headings
    )
    return page.model_copy(update={"text": INVISIBLE.sub("", page.text), "headings": headings})
