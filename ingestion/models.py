"""What ingestion gives: pages with their text, passages, document facts, findings. Imports nothing of ours.

Offsets are half-open character ranges into `Page.text`; page numbers start at 1.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """Base of all value types: immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadStatus(StrEnum):
    """How far a file could be read."""

    READ = "read"
    PARTLY = "partly"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


class Heading(Frozen):
    """A heading that stands in a page: its offsets and its level (1 is the highest)."""

    start: int
    end: int
    level: Annotated[int, Field(ge=1, le=9)]


class Page(Frozen):
    """One page (PDF), slide (PPTX), sheet (XLSX) or the whole of an unpaged text.

    `label` is what a reader would call it ("iv", "Sheet: Permits"). `width`/`height` are points for PDF, else 0.
    """

    number: Annotated[int, Field(ge=1)]
    text: str
    label: str = ""
    width: float = 0.0
    height: float = 0.0
    source: Literal["text", "ocr"] = "text"
    headings: tuple[Heading, ...] = ()


class Passage(Frozen):
    """A stretch of about 120 words of one page that keeps sentences and list items whole: the unit of retrieval."""

    page: int
    start: int
    end: int
    text: str
    heading: tuple[str, ...] = ()
    language: str = ""
    sentences: tuple[tuple[int, int], ...] = ()
    """Offsets of the sentences or list items inside the PAGE text; they lie within [start, end)."""


class FactName(StrEnum):
    """The document facts that decide what evidence is worth."""

    TITLE = "title"
    KIND = "kind"
    ISSUED = "issued"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    REVIEW_DUE = "review_due"
    PERIOD_END = "period_end"
    STATUS = "status"
    VERSION = "version"
    SUPERSEDED_BY = "superseded_by"
    SCOPE = "scope"
    ISSUER = "issuer"
    LANGUAGE = "language"


class Fact(Frozen):
    """One fact with the words it came from. Dates are ISO (YYYY-MM-DD).

    Values: `kind` is one of policy, procedure, plan, record, minutes, register, report, certificate, permit, letter,
    contract, presentation, webpage, e-mail, form, table, other; `status` is draft, approved, superseded, uncontrolled
    copy; `scope` is the site, group or company the document speaks of (as written). `quote` is empty and `page` 0
    when the fact comes from file metadata (then `origin` says so) rather than from words on a page.
    """

    name: FactName
    value: str
    quote: str = ""
    page: int = 0
    start: int = 0
    end: int = 0
    origin: Literal["text", "metadata", "filename", "derived", "person"] = "text"
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0


class Suspicion(Frozen):
    """Text that tries to act (an instruction to a reader machine, hidden text, a formula), reported as a finding."""

    kind: Literal["instruction", "hidden text", "active content", "formula", "attachment", "link"]
    message: str
    quote: str = ""
    page: int = 0
    start: int = 0
    end: int = 0


class DocumentRead(Frozen):
    """The whole result of reading one file. `reason` is one clear sentence whenever `status` is not `read`."""

    sha256: str
    name: str
    media_type: str
    size: int
    status: ReadStatus
    reason: str = ""
    pages: tuple[Page, ...] = ()
    passages: tuple[Passage, ...] = ()
    facts: tuple[Fact, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    languages: dict[str, float] = Field(default_factory=dict)
    outline: tuple[str, ...] = ()
    reader: str = ""
    seconds: float = 0.0
