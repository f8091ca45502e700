"""One writer per file format: each turns a `Source` into the bytes of a real file, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable

from evaluation.sample_site.source import Source
from evaluation.sample_site.writers.docx import write_docx
from evaluation.sample_site.writers.pdf import write_pdf
from evaluation.sample_site.writers.pptx import write_pptx
from evaluation.sample_site.writers.scan import write_scan
from evaluation.sample_site.writers.text import write_eml, write_html, write_txt
from evaluation.sample_site.writers.xlsx import write_xlsx

WRITERS: dict[str, Callable[[Source], bytes]] = {
    "pdf": write_pdf,
    "scan": write_scan,
    "docx": write_docx,
    "xlsx": write_xlsx,
    "pptx": write_pptx,
    "html": write_html,
    "txt": write_txt,
    "eml": write_eml,
}

__all__ = ["WRITERS"]
