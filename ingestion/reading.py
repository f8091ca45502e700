"""One file from bytes to `DocumentRead` in this very process: what the sandbox's child runs.

Loading readers, rules and language data takes a moment; only the child pays for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from .errors import EmptyFileError, IngestionError, TooLargeError
from .facts import find_facts
from .formats import media_type, refusal
from .language import language_shares
from .limits import Limits
from .models import DocumentRead, Page, ReadStatus, Suspicion
from .passages import split_passages
from .readers import RawDocument, reader_for
from .states import predicate, unreadable
from .suspicions import find_in_fields, find_suspicions, trusted, without_invisible

MEGABYTE = 1024 * 1024
LANGUAGE_SAMPLES = 60
"""Pieces of a document whose languages give its language shares."""
SAMPLE_CHARS = 600
NAMELESS = "document"
"""Stands for the name of a file whose own name speaks to a machine. Not nothing: a document without any title is
compared by its name."""


def read_here(path: Path, name: str, sha256: str, limits: Limits) -> DocumentRead:
    """Read one file in this very process, without a sandbox: what the child runs."""
    size = path.stat().st_size
    kind, reader_name = "", ""
    try:
        if size > limits.file_mb * MEGABYTE:
            raise TooLargeError(f"has {size // MEGABYTE} MB, more than the limit of {limits.file_mb} MB: split it.")
        kind = media_type(path)
        reader = reader_for(kind)
        if reader is None:
            raise refusal(kind)
        reader_name = reader.name
        raw = reader.read(path, limits)
        return analyse(raw, name=name, sha256=sha256, kind=kind, size=size, reader=reader_name, limits=limits)
    except (IngestionError, OSError) as error:
        document = unreadable(name, sha256, kind, size, predicate(error))
        return document.model_copy(update={"reader": reader_name})


def analyse(
    raw: RawDocument, *, name: str, sha256: str, kind: str, size: int, reader: str, limits: Limits
) -> DocumentRead:
    """Passages, languages, facts and suspicions of what a reader gave."""
    pages, left_out = _bounded(raw.pages, limits)
    pages, invisible = without_invisible(pages)
    left_out = [*raw.left_out, *left_out]
    if not any(char.isalnum() for page in pages for char in page.text):
        raise EmptyFileError("holds no text: check that it is the right file and was saved completely.")
    suspicions = find_suspicions([*raw.suspicions, *invisible], pages, raw.metadata, name)
    readable = [_set_aside(page, suspicions) for page in pages]
    languages = language_shares(_samples(readable))
    passages = split_passages(readable, languages)
    return DocumentRead(
        sha256=sha256,
        name=name,
        media_type=kind,
        size=size,
        status=ReadStatus.PARTLY if left_out else ReadStatus.READ,
        reason=f"{name} was read in part: {'; '.join(left_out)}." if left_out else "",
        pages=tuple(pages),
        passages=passages,
        facts=find_facts(name, kind, readable, languages, trusted(raw.metadata), called=_called(name)),
        suspicions=suspicions,
        languages=languages,
        outline=tuple(entry.title for entry in raw.outline),
        reader=reader,
    )


def _called(name: str) -> str:
    """The name that may serve as a title: a neutral one where the file's own speaks to a machine."""
    return NAMELESS if find_in_fields(name, {}) else name


def _set_aside(page: Page, suspicions: Sequence[Suspicion]) -> Page:
    """The page with suspicious words blanked, same offsets: no passage holds them and they shift no other result.

    Where nothing but headings is left (the name of a sheet that held only such words), they are blanked as well.
    """
    text = page.text
    for suspicion in suspicions:
        if suspicion.page == page.number and suspicion.end > suspicion.start:
            text = _blanked(text, suspicion.start, suspicion.end)
    if text != page.text and page.headings:
        body = text
        for heading in page.headings:
            body = _blanked(body, heading.start, heading.end)
        if not any(char.isalnum() for char in body):
            return page.model_copy(update={"text": body, "headings": ()})
    return page if text == page.text else page.model_copy(update={"text": text})


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"\S", " ", text[start:end]) + text[end:]


def _bounded(pages: list[Page], limits: Limits) -> tuple[list[Page], list[str]]:
    kept: list[Page] = []
    total = 0
    for page in pages[: limits.pages]:
        total += len(page.text)
        if total > limits.text_chars:
            return kept, [f"only the first {len(kept)} of {len(pages)} pages were kept (too much text)"]
        kept.append(page)
    if len(kept) < len(pages):
        return kept, [f"only the first {len(kept)} of {len(pages)} pages were read"]
    return kept, []


def _samples(pages: list[Page]) -> list[str]:
    texts = [page.text for page in pages if page.text.strip()]
    step = max(1, sum(map(len, texts)) // (LANGUAGE_SAMPLES * SAMPLE_CHARS))
    pieces = [text[at : at + SAMPLE_CHARS] for text in texts for at in range(0, len(text), SAMPLE_CHARS)]
    return pieces[::step]
