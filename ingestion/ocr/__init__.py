"""Words in pictures: tesseract where it is installed, rapidocr otherwise, both behind `OcrEngine`."""

from __future__ import annotations

from functools import cache

from ..errors import OcrError
from ..limits import Limits
from .base import OcrEngine, Recognised
from .rapid import RapidEngine
from .tesseract import TesseractEngine, installed_languages

__all__ = ["OcrEngine", "RapidEngine", "Recognised", "TesseractEngine", "engine_for", "installed_languages"]


def engine_for(limits: Limits) -> OcrEngine:
    """The engine the limits ask for, or the best one there is. Raises `OcrError` when there is none."""
    return _engine(limits.ocr_engine, limits.ocr_languages, limits.seconds)


@cache
def _engine(name: str, languages: tuple[str, ...], seconds: float) -> OcrEngine:
    if name == "none":
        raise OcrError("reading pictures is switched off")
    if name == "tesseract" or (name == "auto" and installed_languages()):
        return TesseractEngine(languages, seconds)
    if name in ("auto", "rapidocr"):
        return RapidEngine()
    raise OcrError(f"there is no OCR engine called {name}; use auto, tesseract, rapidocr or none")
