"""Running headers and footers: lines at the top or bottom that come back on many pages, and page numbers alone.

They stay in the page text (offsets do not move) and are left out of passages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .models import Page

EDGE_LINES = 3
"""Lines at each end of a page that may belong to a running header or footer; never more than a third of the page."""
FEWEST_PAGES = 3
SHARE = 0.4
"""Share of pages on which a line must come back: odd and even pages may carry different ones."""
LONGEST = 160

DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:p(?:age|ágina|ag|g)?\.?|seite|strona|halaman|第)?\s*(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|de|von|z|dari|sur|页|頁|ページ)\s*\d{1,4})?[-–—\s页頁]*",
    re.IGNORECASE,
)


def running_lines(pages: Sequence[Page]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Offsets of running header and footer lines by page number."""
    edges = {page.number: _edges(page.text) for page in pages}
    paged = [page for page in pages if page.text.strip()]
    seen: Counter[str] = Counter()
    if len(paged) >= FEWEST_PAGES:
        for page in paged:
            seen.update({_form(page.text[start:end]) for start, end in edges[page.number]})
    needed = max(FEWEST_PAGES, SHARE * len(paged))
    result = {}
    for page in paged:
        lines = tuple(
            (start, end)
            for start, end in edges[page.number]
            if seen[_form(page.text[start:end])] >= needed
            or (len(paged) > 1 and PAGE_NUMBER.fullmatch(page.text[start:end]))
        )
        if lines and sum(end - start for start, end in lines) < len(page.text.strip()) - 2 * len(lines):
            result[page.number] = lines
    return result


def _edges(text: str) -> list[tuple[int, int]]:
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\n]*\S[^\n]*", text)]
    depth = min(EDGE_LINES, len(lines) // 3)
    chosen = lines[:depth] + lines[-depth:] if depth else []
    return [(start, end) for start, end in chosen if end - start <= LONGEST]


def _form(line: str) -> str:
    return DIGITS.sub("#", " ".join(line.split()).casefold())
