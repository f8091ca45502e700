"""Documents of a set as ingestion reads them, kept by content so that each file is read once per reader version."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

import ingestion
from assistant.errors import EvaluationError
from assistant.progress import Progress, silent
from ingestion.models import DocumentRead, ReadStatus

Reader = Callable[[Path], DocumentRead]


@dataclass(frozen=True, slots=True)
class ReadSet:
    """The documents of a set by name. `cached` of them came from the cache; `seconds` is what reading all of them took
    when they were read; `unreadable` says why for each that could not be."""

    documents: dict[str, DocumentRead]
    cached: int
    seconds: float
    unreadable: dict[str, str]


def read_documents(
    paths: Mapping[str, Path],
    cache: Path,
    *,
    workers: int = 2,
    progress: Progress = silent,
    reader: Reader | None = None,
) -> ReadSet:
    """Read the named files, or take them from the cache. Raises `EvaluationError` when not one can be read.

    A file that cannot be read stays in the set, as it stays in the product: its evidence then counts as not found.
    """
    read = reader or ingestion.read_file
    folder = cache / "reading" / ingestion.INGESTION_VERSION
    folder.mkdir(parents=True, exist_ok=True)

    def one(name: str) -> tuple[DocumentRead, bool]:
        path = paths[name]
        kept = folder / f"{ingestion.sha256_of(path)}.json"
        document = _kept(kept)
        cached = document is not None
        if document is None:
            document = read(path)
            if document.status is ReadStatus.READ:  # what failed may have failed for want of time: try again next time
                part = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
                part.write_text(document.model_dump_json(), encoding="utf-8")
                part.replace(kept)
        return document.model_copy(update={"name": name}), cached

    documents: dict[str, DocumentRead] = {}
    from_cache = 0
    # Threads are enough: the reader of each file runs in a child process of its own.
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        for name, (document, cached) in zip(paths, pool.map(one, paths), strict=True):
            documents[name] = document
            from_cache += cached
            progress(len(documents), len(paths), "documents read")
    unreadable = {
        name: document.reason for name, document in documents.items() if document.status is ReadStatus.UNREADABLE
    }
    if documents and len(unreadable) == len(documents):
        first = next(iter(unreadable))
        raise EvaluationError(f"None of the documents could be read; {paths[first]}: {unreadable[first]}")
    return ReadSet(documents, from_cache, sum(document.seconds for document in documents.values()), unreadable)


def language_of(document: DocumentRead) -> str:
    """The language that most of the document is in; `und` when none was recognised."""
    shares = document.languages
    return max(shares, key=lambda code: (shares[code], code)) if shares else "und"


def _kept(path: Path) -> DocumentRead | None:
    """A kept reading, or nothing when there is none or it was cut off or is of an older form."""
    if not path.exists():
        return None
    try:
        return DocumentRead.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError):
        return None
