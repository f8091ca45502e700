"""OCR by rapidocr, whose models come with the package: used where tesseract is not installed."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import numpy as np
from PIL.Image import Image

from ..columns import Box, column_order
from ..errors import OcrError
from .base import Recognised

UNREADABLE = 0.6
"""rapidocr's scores are higher than tesseract's for the same noise."""
SAME_LINE = 0.5
"""Boxes whose middles differ by less than this share of their height stand on one line."""
BLOCK_GAP = 0.9
"""A gap between lines larger than this share of a line's height opens a block."""


@cache
def _engine() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise OcrError("neither tesseract nor the Python package rapidocr is installed") from error
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.log_level": "error"})


class RapidEngine:
    """Detects boxes of words and reads each; we put them into lines from top to bottom."""

    name = "rapidocr"

    def recognise(self, picture: Image) -> Recognised:
        """The words of `picture`."""
        engine = _engine()
        try:
            found = engine(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        except Exception as error:
            raise OcrError(f"rapidocr failed on the picture ({type(error).__name__})") from error
        if found.boxes is None or not len(found.boxes):
            return Recognised("", 0.0)
        words = [
            (*_extent(box), text.strip(), float(score))
            for box, text, score in zip(np.asarray(found.boxes), found.txts, found.scores, strict=True)
            if text.strip() and score >= UNREADABLE
        ]
        if not words:
            return Recognised("", 0.0)
        letters = sum(len(text) for *_, text, _ in words)
        confidence = sum(len(text) * score for *_, text, score in words) / letters
        return Recognised(_text(words), round(confidence, 3))


def _extent(box: Any) -> tuple[float, float, float, float]:
    """Top, bottom, left, right of a quadrangle."""
    return float(box[:, 1].min()), float(box[:, 1].max()), float(box[:, 0].min()), float(box[:, 0].max())


def _text(words: list[tuple[float, float, float, float, str, float]]) -> str:
    """Words, given as top, bottom, left, right, text, score (y grows downwards), as lines in reading order."""
    boxes = [
        Box(left, right, -bottom, -top, len(text), index)
        for index, (top, bottom, left, right, text, _) in enumerate(words)
    ]
    order = column_order(boxes) or [box.index for box in sorted(boxes, key=lambda box: -(box.top + box.bottom))]
    lines: list[list[tuple[float, float, float, float, str, float]]] = []
    for word in (words[index] for index in order):
        middle, height = (word[0] + word[1]) / 2, word[1] - word[0]
        if lines and abs(middle - (lines[-1][0][0] + lines[-1][0][1]) / 2) < SAME_LINE * height:
            lines[-1].append(word)
        else:
            lines.append([word])
    parts: list[str] = []
    bottom = None
    for line in lines:
        top, height = min(word[0] for word in line), max(word[1] - word[0] for word in line)
        if bottom is not None:
            parts.append("\n\n" if not -height < top - bottom < BLOCK_GAP * height else "\n")
        parts.append(" ".join(word[4] for word in sorted(line, key=lambda word: word[2])))
        bottom = max(word[1] for word in line)
    return "".join(parts)
