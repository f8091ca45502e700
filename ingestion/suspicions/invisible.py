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
OVERRIDES_OF_ORDER = re.compile("[\u202d\u202e]")
"""Those that turn letters round; the others frame a name in a text of another direction, and go without a word."""
INVISIBLE = re.compile(f"{TAGS.pattern}|{ZERO_WIDTH.pattern}|{OVERRIDES.pattern}")
LONGEST_QUOTE = 300


def without_invisible(pages: Sequence[Page]) -> tuple[list[Page], list[Suspicion]]:
    """Pages without invisible characters (headings moved along), and what was found."""
    cleaned, found = [], []
    for page in pages:
        if not INVISIBLE.search(page.text):
            cleaned.append(page)
            continue
        hidden = hidden_in(page.text)
        if hidden is not None:
            what = "spell words in characters nobody sees" if hidden else "holds characters nobody sees"
            message = f"Page {page.number} {what}; they were taken out of its text."
            found.append(Suspicion(kind="hidden text", message=message, quote=hidden[:LONGEST_QUOTE], page=page.number))
        cleaned.append(_stripped(page))
    return cleaned, found


def hidden_in(text: str) -> str | None:
    """What characters nobody sees spell in a text, "" where they spell nothing, or `None` where there are none."""
    spelled = "".join(chr(ord(char) - 0xE0000) for run in TAGS.findall(text) for char in run if ord(char) > 0xE001F)
    return spelled if spelled or ZERO_WIDTH.search(text) or OVERRIDES_OF_ORDER.search(text) else None


def visible(text: str) -> str:
    """The text without characters nobody sees."""
    return INVISIBLE.sub("", text)


def _stripped(page: Page) -> Page:
    gone = [match.span() for match in INVISIBLE.finditer(page.text)]

    def moved(offset: int) -> int:
        return offset - sum(min(end, offset) - start for start, end in gone if start < offset)

    headings = tuple(
        Heading(start=moved(heading.start), end=moved(heading.end), level=heading.level) for heading in page.headings
    )
    return page.model_copy(update={"text": INVISIBLE.sub("", page.text), "headings": headings})
