"""One reader per format behind the `Reader` protocol, chosen by content. May import models, errors, limits, ocr.

A new format is one module and one line in `READERS`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .base import OutlineEntry, RawDocument, Reader

__all__ = ["READERS", "OutlineEntry", "RawDocument", "Reader", "reader_for"]

READERS = (
    "pdf:PdfReader",
    "docx:DocxReader",
    "xlsx:XlsxReader",
    "pptx:PptxReader",
    "html:HtmlReader",
    "mail:MailReader",
    "image:ImageReader",
    "csv:CsvReader",
    "text:TextReader",
)
"""`module:class` of every reader; imported only when a file needs it."""


@cache
def _all() -> dict[str, Reader]:
    found: dict[str, Reader] = {}
    for entry in READERS:
        module, name = entry.split(":")
        reader: Reader = getattr(import_module(f"{__name__}.{module}"), name)()
        found.update(dict.fromkeys(reader.media_types, reader))
    return found


def reader_for(media_type: str) -> Reader | None:
    """The reader that takes `media_type`, or None."""
    return _all().get(media_type)
