"""Text that tries to act: instructions to a machine reader, hidden text, scripts, links that carry data away.

Reported as findings with quote and place. Nothing here changes what counts as evidence, except that invisible
characters leave the page text and that fields of the file which speak to a machine are not used (`trusted`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..models import Page, Suspicion
from .fields import find_in_fields, trusted
from .instruction import LONGEST_QUOTE, find_instructions
from .invisible import without_invisible

__all__ = ["find_in_fields", "find_instructions", "find_suspicions", "trusted", "without_invisible"]

MOST = 1_000
"""Findings per document. Far above what honest text has: what is not found is not set aside."""


def find_suspicions(
    reported: Sequence[Suspicion], pages: Sequence[Page], metadata: Mapping[str, str], name: str = ""
) -> tuple[Suspicion, ...]:
    """What the reader reported, then what hidden quotes, the file's name, metadata and pages say to a machine."""
    found = list(reported)
    for suspicion in reported:
        if suspicion.kind == "hidden text" and suspicion.quote:
            found += _of_text(suspicion.quote, "Hidden text", page=suspicion.page, placed=False)
    found += find_in_fields(name, metadata)
    for page in pages:
        found += _of_text(page.text, f"Page {page.number}", page=page.number, placed=True)
        if len(found) >= MOST:
            break
    return tuple(found[:MOST])


def _of_text(text: str, where: str, *, page: int, placed: bool) -> list[Suspicion]:
    return [
        Suspicion(
            kind=item.kind,
            message=f"{where} {item.what}; it is read as text and nothing follows from it.",
            quote=text[item.start : item.end][:LONGEST_QUOTE],
            page=page,
            start=item.start if placed else 0,
            end=min(item.end, item.start + LONGEST_QUOTE) if placed else 0,
        )
        for item in find_instructions(text)
    ]
