"""How much one file may cost. Every number is a ceiling for hostile or broken files, far above an honest report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Ceilings for reading one file in the child process.

    `seconds` is the longest silence of the child (it gives a sign of life after each page it recognises);
    `total_seconds` bounds the whole file, CPU and wall clock. `memory_mb` bounds the child's address space.
    `unpacked_mb` and `ratio` guard against archives that grow when opened. `ocr_languages` are tesseract codes
    (empty: those installed that the product knows); `ocr_engine` is "auto", "tesseract", "rapidocr" or "none".
    """

    seconds: float = 120.0
    total_seconds: float = 1800.0
    memory_mb: int = 4096
    file_mb: int = 500
    pages: int = 5000
    ocr_pages: int = 500
    unpacked_mb: int = 800
    ratio: int = 500
    text_chars: int = 30_000_000
    ocr_engine: str = "auto"
    ocr_languages: tuple[str, ...] = ()


DEFAULT_LIMITS = Limits()
