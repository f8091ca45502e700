"""Quotes are shown only where they stand: locate and verify them on letters and digits, without any fuzziness.

Two texts are equal here when their letters and digits are equal after NFKC normalisation and case folding. Blank space,
punctuation and line breaks may differ; a single letter or digit may not.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.models import Evidence, letters_and_digits


@dataclass(frozen=True, slots=True)
class _Folded:
    """The letters and digits of a page, and for each of them the offset of the character it came from."""

    letters: str
    offsets: tuple[int, ...]


@lru_cache(maxsize=512)
def _fold(page: str) -> _Folded:
    """A page folded; kept, since many quotes are looked up on one page."""
    return _folded(page)


def _folded(text: str) -> _Folded:
    letters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        if char.isascii():
            if char.isalnum():
                letters.append(char.lower())
                offsets.append(offset)
            continue
        for part in unicodedata.normalize("NFKC", char).casefold():
            if part.isalnum():
                letters.append(part)
                offsets.append(offset)
    return _Folded("".join(letters), tuple(offsets))


def _fold_like_page(text: str) -> str:
    """`text` folded character by character, as pages are; NFKC of a whole text may compose across characters."""
    return _folded(unicodedata.normalize("NFC", text)).letters


def locate(quote: str, page_text: str, near: int = 0) -> tuple[int, int] | None:
    """Offsets `(start, end)` in `page_text` where the quote stands, the place closest to `near` if there are several.

    Returns `None` when the quote has no letter or digit, or does not stand in the text.
    """
    if near >= 0 and page_text.startswith(quote, near):
        first, last = (next((at for at in way if _folded(quote[at]).letters), -1) for way in _both_ways(quote))
        if first >= 0:
            return _with_marks(quote, page_text, near + first, near + last + 1)
    places = locate_all(quote, page_text)
    return min(places, key=lambda place: abs(place[0] - near)) if places else None


def locate_all(quote: str, page_text: str) -> list[tuple[int, int]]:
    """Offsets of all places in `page_text` where the quote stands, in order; none when it has no letter or digit."""
    folded = _fold(page_text)
    for needle in dict.fromkeys((_fold_like_page(quote), letters_and_digits(quote))):
        if not needle:
            continue
        places = []
        at = folded.letters.find(needle)
        while at != -1:
            places.append(_with_marks(quote, page_text, folded.offsets[at], folded.offsets[at + len(needle) - 1] + 1))
            at = folded.letters.find(needle, at + 1)
        if places:
            return places
    return []


def _with_marks(quote: str, page_text: str, start: int, end: int) -> tuple[int, int]:
    """The place widened by the quote's own opening and closing marks where the page has the same ones."""
    first, last = (next((at for at in way if quote[at].isalnum()), -1) for way in _both_ways(quote))
    if first < 0:
        return start, end
    before, after = quote[:first].strip(), quote[last + 1 :].strip()
    if before and page_text.endswith(before, 0, start):
        start -= len(before)
    if after and page_text.startswith(after, end):
        end += len(after)
    return start, end


def _both_ways(text: str) -> tuple[range, range]:
    """The offsets of a text from its beginning on, and from its end."""
    return range(len(text)), range(len(text) - 1, -1, -1)


def verify(evidence: Evidence, page_text: str) -> bool:
    """Whether the evidence's quote stands in the page at the recorded offsets."""
    if not 0 <= evidence.start < evidence.end <= len(page_text):
        return False
    quoted = letters_and_digits(evidence.quote)
    return bool(quoted) and quoted == letters_and_digits(page_text[evidence.start : evidence.end])
