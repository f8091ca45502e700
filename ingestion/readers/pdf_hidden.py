"""Text of a PDF page that no reader can see: invisible, transparent, without contrast, tiny, or off the page.

Colours are compared with what the rendered page shows behind the text, and the page is rendered again without it:
words that make a difference are seen (white on a dark picture, words filled with a pattern). Invisible text (render
mode 3) over a picture is the text layer of a scan and is ordinary as well.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from .pdf_text import char_box

TINY = 3.0
"""Points; smaller type cannot be read on paper (the smallest print in contracts has five)."""
FEWEST_TINY = 15
"""Letters of tiny type that make a message; labels on maps and charts shrunk to fit have fewer."""
LIGHT = 0.55
"""Relative luminance from which a colour may vanish on white paper."""
CONTRAST = 1.3
"""WCAG contrast ratio below which text cannot be told from its background (large text needs 3.0 to be legible)."""
INK_PERCENTILE = 97
"""Letters cover more than three per cent of their line: above this percentile of pixels is ink."""
SEEN_DIFFERENCE = 80
"""Difference of a colour channel (of 255) that ink must make to be seen; pale yellow on white makes 32 at most."""
TRANSPARENT = 26
"""Alpha (of 255) below which text is not seen: one tenth."""
INVISIBLE_MODES = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
STROKED_MODES = {pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP}
RENDER_SCALE = 1.0
LONGEST_SIDE = 2400
"""Pixels; plans and posters are rendered smaller."""
PICTURE_SHARE = 0.25
"""Share of the page a picture must cover for invisible text on the page to be its text layer."""

_text_object = pdfium.FPDFText_GetTextObject
_object_address = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(_text_object, ctypes.c_void_p).value or 0
)
"""The same function giving a plain address: called once for every character, it decides the reader's speed."""


@dataclass(slots=True)
class Run:
    """Consecutive characters of one text object."""

    first: int
    last: int
    colour: tuple[int, int, int, int] | None
    mode: int
    box: tuple[float, float, float, float]
    """Cell of the first character."""
    reason: str = ""


def text_runs(text_page: Any) -> list[Run]:
    """The page's characters by text object, with colour, render mode and place."""
    runs: list[Run] = []
    handle = ctypes.cast(text_page.raw, ctypes.c_void_p)
    last_object = None
    for index in range(text_page.count_chars()):
        address = _object_address(handle, index)
        if address is None:
            continue
        if address == last_object:
            runs[-1].last = index
            continue
        last_object = address
        found = _text_object(text_page, index)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(found)
        runs.append(Run(index, index, _colour(found, mode), mode, char_box(text_page, index)))
    return runs


def _colour(text_object: Any, mode: int) -> tuple[int, int, int, int] | None:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    stroked = mode in STROKED_MODES
    read = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    if not read(text_object, red, green, blue, alpha):
        return None
    return (red.value, green.value, blue.value, alpha.value)


def hidden_runs(page: Any, text_page: Any, pictures: Sequence[tuple[float, float, float, float]]) -> list[Run]:
    """Runs nobody can see, each with its `reason`. `pictures` are the boxes of the page's images."""
    runs = text_runs(text_page)
    left, bottom, right, top = page.get_bbox()
    area = max(1.0, (right - left) * (top - bottom))
    scan = any(_overlap(picture, (left, bottom, right, top)) > PICTURE_SHARE * area for picture in pictures)
    hidden = []
    light = []
    for run in runs:
        x0, y0, x1, y1 = run.box
        if run.mode in INVISIBLE_MODES:
            if not scan:
                run.reason = "invisible"
        elif x1 < left or x0 > right or y1 < bottom or y0 > top:
            run.reason = "off the page"
        elif 0 < max(x1 - x0, y1 - y0) < TINY:  # the larger side: lines of text may be rotated
            run.reason = "tiny"
        elif run.colour is not None and run.colour[3] < TRANSPARENT:
            run.reason = "transparent"
        elif run.colour is not None and luminance(run.colour) > LIGHT:
            light.append(run)
        if run.reason:
            hidden.append(run)
    tiny = sum(run.last - run.first + 1 for run in hidden if run.reason == "tiny")
    if tiny < FEWEST_TINY:
        hidden = [run for run in hidden if run.reason != "tiny"]
    hidden += _without_contrast(page, text_page, light)
    return sorted(hidden, key=lambda run: run.first)


def _without_contrast(page: Any, text_page: Any, light: Sequence[Run]) -> list[Run]:
    if not light:
        return []
    scale = min(RENDER_SCALE, LONGEST_SIDE / max(page.get_size()))
    picture = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    height, width = picture.shape[:2]
    found = []
    for run in light:
        part = _part(page, _run_box(text_page, run), width, height)
        if picture[part].size and run.colour is not None:
            background = np.median(picture[part].reshape(-1, 3), axis=0)
            if contrast(luminance(run.colour), luminance(tuple(background))) < CONTRAST:
                found.append((run, part))
    if not found:
        return []
    for run, _ in found:
        pdfium.FPDFPageObj_SetIsActive(_text_object(text_page, run.first), False)
    without = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    hidden = []
    for run, part in found:
        pdfium.FPDFPageObj_SetIsActive(_text_object(text_page, run.first), True)
        difference = np.abs(picture[part].astype(np.int16) - without[part].astype(np.int16)).max(axis=2)
        if np.percentile(difference, INK_PERCENTILE) < SEEN_DIFFERENCE:
            run.reason = "the colour of its background"
            hidden.append(run)
    return hidden


def _run_box(text_page: Any, run: Run) -> tuple[float, float, float, float]:
    first, last = char_box(text_page, run.first), char_box(text_page, run.last)
    return (min(first[0], last[0]), min(first[1], last[1]), max(first[2], last[2]), max(first[3], last[3]))


def _part(page: Any, box: tuple[float, float, float, float], width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns of the rendered page under `box`."""
    x, y = ctypes.c_int(), ctypes.c_int()
    columns, rows = [], []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, up, x, y)
        columns.append(x.value)
        rows.append(y.value)
    return slice(max(0, min(rows)), max(0, max(rows) + 1)), slice(max(0, min(columns)), max(0, max(columns) + 1))


def luminance(colour: Sequence[float]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    linear = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    """Contrast ratio of two luminances, 1 to 21 (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across * up if across > 0 and up > 0 else 0.0


def picture_boxes(page: Any) -> list[tuple[float, float, float, float]]:
    """Boxes of the images on the page itself and inside forms, in points."""
    boxes = []
    for found in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        try:
            left, bottom, right, top = found.get_bounds()
        except pdfium2.PdfiumError:
            continue
        boxes.append((left, bottom, right, top) if found.container is None else page.get_bbox())
    return boxes
