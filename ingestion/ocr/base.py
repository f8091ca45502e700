"""What an OCR engine is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PIL.Image import Image


@dataclass(frozen=True)
class Recognised:
    """Words of a picture: `text` with line breaks as printed, blank lines between blocks; `confidence` in [0, 1]."""

    text: str
    confidence: float


class OcrEngine(Protocol):
    """Reads the words of a picture. Text is empty when there are no words; `OcrError` when the engine failed."""

    name: str

    def recognise(self, picture: Image) -> Recognised:
        """The words of `picture`."""
        ...
