"""From offsets in a page's stored text to boxes on the page's picture.

The stored text is not pdfium's raw text (soft hyphens are joined, hidden text is left out), so both are reduced to base
letters and digits and the quote is looked for near its place. Boxes are drawn only where every letter of the quote was
found; otherwise the picture comes without boxes. pdfium runs in the sandbox's child process. Pictures are derived and
kept in a cache of bounded size.
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import secrets
import unicodedata
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingestion.models import Page

VERSION = "1"
"""Part of a cached picture's name; changes when pictures would look different."""

WIDTHS = (200, 3000)
"""Pixels: narrower cannot be read, wider costs more than it shows."""

MOST_PIXELS = 20_000_000
"""A page of odd shape (a plan, a roll) is drawn smaller than asked for."""

MOST_PICTURES = 500
"""Pictures kept, about 100 MB; the oldest go first."""

SECONDS = 30.0
"""A picture takes 0.1 s; a page that takes this long is shown as text."""

FILL = (255, 213, 0, 84)
EDGE = (214, 137, 0, 255)
PADDING = 1.5
"""Pixels around a box, so that it does not cut through letters."""

WINDOW = 400
"""Letters on either side of the expected place in which a quote with hidden text inside is pieced together."""

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in PDF points, from the page's lower left corner."""


def picture(original: Path, page: Page, start: int, end: int, *, width: int = 900, cache: Path) -> bytes | None:
    """The page as PNG, `width` pixels wide, with boxes on `page.text[start:end]`; a recognised page has no boxes.

    `None` when the page cannot be drawn: its text is what there is to show.
    """
    from ingestion.errors import IngestionError
    from ingestion.sandbox import run

    width = min(max(width, WIDTHS[0]), WIDTHS[1])
    quote, before = _wanted(page, start, end)
    parts = (VERSION, original.parent.name + original.name, str(page.number), quote, str(before), str(width))
    kept = cache / f"{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:40]}.png"
    if kept.is_file():
        return kept.read_bytes()
    try:
        drawn = run(draw, original, page.number, quote, before, width, limits=_limits())
    except IngestionError:
        return None
    _keep(kept, drawn)
    return drawn


def rectangles(original: Path, page: Page, start: int, end: int) -> tuple[Rectangle, ...] | None:
    """Where `page.text[start:end]` stands on the page, a rectangle a line; `None` when it cannot be told.

    A recognised (OCR) page has no text layer to find it in.
    """
    from ingestion.errors import IngestionError
    from ingestion.sandbox import run

    quote, before = _wanted(page, start, end)
    if not quote:
        return None
    try:
        return run(find, original, page.number, quote, before, limits=_limits()) or None
    except IngestionError:
        return None


def draw(original: Path, number: int, quote: str, before: int, width: int) -> bytes:
    """The page as PNG with boxes where the quote stands. Runs in the child."""
    from PIL import Image, ImageDraw

    with closing(_open(original)) as document, closing(document[number - 1]) as page:
        points_wide, points_high = page.get_size()
        scale = min(width / points_wide, math.sqrt(MOST_PIXELS / (points_wide * points_high)))
        bitmap = page.render(scale=scale, may_draw_forms=False)
        image = bitmap.to_pil().convert("RGBA")
        boxes = _find(page, quote, before)
        if boxes:
            layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
            pen = ImageDraw.Draw(layer)
            place = bitmap.get_posconv(page)
            for left, bottom, right, top in boxes:
                x1, y1 = place.to_bitmap(left, top)
                x2, y2 = place.to_bitmap(right, bottom)
                xs, ys = sorted((x1, x2)), sorted((y1, y2))
                pen.rectangle(
                    (xs[0] - PADDING, ys[0] - PADDING, xs[1] + PADDING, ys[1] + PADDING), fill=FILL, outline=EDGE
                )
            image = Image.alpha_composite(image, layer)
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, format="PNG")
        return buffer.getvalue()


def find(original: Path, number: int, quote: str, before: int) -> tuple[Rectangle, ...]:
    """The rectangles of a quote on a page; empty when not all of its letters are there. Runs in the child."""
    with closing(_open(original)) as document, closing(document[number - 1]) as page:
        return _find(page, quote, before)


def folded(text: str) -> tuple[str, list[int]]:
    """The base letters and digits of a text (decomposed, accents dropped, case folded), and where each came from."""
    letters: list[str] = []
    origins: list[int] = []
    for origin, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char).casefold():
            if part.isalnum():
                letters.append(part)
                origins.append(origin)
    return "".join(letters), origins


def spans(letters: str, quote: str, before: int) -> list[tuple[int, int]]:
    """Ranges of `letters` that hold all base letters of `quote`, near `before`; empty when some are not there.

    The whole quote in one piece; else line by line (text in columns); else in pieces with something hidden between.
    """
    whole = folded(quote)[0]
    if not whole:
        return []
    at = _nearest(letters, whole, before)
    if at is not None:
        return [(at, at + len(whole))]
    lines = [line for line in (folded(line)[0] for line in quote.splitlines()) if line]
    found = [(place, len(line)) for line in lines if (place := _nearest(letters, line, before)) is not None]
    if len(lines) > 1 and len(found) == len(lines):
        return [(place, place + length) for place, length in found]
    return _in_pieces(letters, [word for word in (folded(word)[0] for word in quote.split()) if word], before)


def _in_pieces(letters: str, words: Sequence[str], before: int) -> list[tuple[int, int]]:
    """The words one after the other, as many together as stand together, within `WINDOW` of where they should be."""
    at = max(0, before - WINDOW)
    end = before + sum(map(len, words)) + WINDOW
    found: list[tuple[int, int]] = []
    left = list(words)
    while left:
        for count in range(len(left), 0, -1):
            piece = "".join(left[:count])
            place = letters.find(piece, at, end)
            if place != -1:
                break
        else:
            return []
        at = place + len(piece)
        found.append((place, at))
        left = left[count:]
    return found


def _wanted(page: Page, start: int, end: int) -> tuple[str, int]:
    """The words to box and how many letters stand before them; no words on a recognised page."""
    if page.source == "ocr" or not 0 <= start < end <= len(page.text):
        return "", 0
    return page.text[start:end], len(folded(page.text[:start])[0])


def _nearest(letters: str, wanted: str, before: int) -> int | None:
    after = letters.find(wanted, before)
    ahead = letters.rfind(wanted, 0, before + len(wanted))
    places = [at for at in (after, ahead) if at != -1]
    return min(places, key=lambda at: abs(at - before)) if places else None


def _find(page: Any, quote: str, before: int) -> tuple[Rectangle, ...]:
    if not quote:
        return ()
    import pypdfium2.raw as pdfium

    with closing(page.get_textpage()) as text:
        # One code point a place, so that places in this string are pdfium's own character numbers.
        codes = [pdfium.FPDFText_GetUnicode(text, at) for at in range(text.count_chars())]
        letters, origins = folded("".join(chr(code) if code <= 0x10FFFF else " " for code in codes))
        boxes: list[Rectangle] = []
        for start, end in spans(letters, quote, before):
            first, last = origins[start], origins[end - 1]
            count = text.count_rects(first, last - first + 1)
            boxes += [tuple(text.get_rect(at)) for at in range(count)]
    return tuple(boxes)


def _open(original: Path) -> Any:
    import pypdfium2

    return pypdfium2.PdfDocument(original)


def _limits() -> Any:
    from ingestion.limits import DEFAULT_LIMITS

    return replace(DEFAULT_LIMITS, seconds=SECONDS, total_seconds=SECONDS)


def _keep(path: Path, drawn: bytes) -> None:
    """Put a picture into the cache under its final name at once, and let the oldest go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.{secrets.token_hex(4)}")
    temporary.write_bytes(drawn)
    temporary.replace(path)
    for old in _oldest(list(path.parent.glob("*.png"))):
        old.unlink(missing_ok=True)


def _oldest(pictures: Sequence[Path]) -> list[Path]:
    if len(pictures) <= MOST_PICTURES:
        return []
    ages = {path: path.stat().st_mtime for path in pictures if path.is_file()}
    return sorted(ages, key=lambda path: ages[path])[: len(pictures) - MOST_PICTURES]
