"""From files to `DocumentRead`, one or many in parallel: what cannot be read says why, and the rest goes on."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from . import sandbox
from .errors import IngestionError
from .limits import DEFAULT_LIMITS, Limits
from .models import DocumentRead, ReadStatus
from .states import predicate, unreadable

INGESTION_VERSION = "7"
"""Changes whenever the same file would give other pages, passages or facts: part of cache keys."""

CHUNK = 1 << 20
OFFICE_LOCK = "~$"
WAITING_PER_WORKER = 2


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of the file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def expand(paths: Iterable[Path]) -> list[Path]:
    """Files as they are, folders as the files below them, sorted; hidden files and office lock files are left out."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = [found for found in path.rglob("*") if found.is_file() and not _left_out(found.relative_to(path))]
            files += sorted(below)
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _left_out(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts) or relative.name.startswith(OFFICE_LOCK)


def read_file(path: Path, *, limits: Limits = DEFAULT_LIMITS, name: str = "") -> DocumentRead:
    """Read one file in a child process. Never raises for bad content: the status and its sentence tell.

    `name` is what the sentences call the file (default: its own name), for files kept under another name.
    """
    name = name or path.name
    started = time.monotonic()
    try:
        sha256, size = sha256_of(path), path.stat().st_size
    except OSError as error:
        reason = f"{name} cannot be opened ({error.strerror or error}): check the path and the access rights."
        return DocumentRead(sha256="", name=name, media_type="", size=0, status=ReadStatus.UNREADABLE, reason=reason)
    return _read_known(path, name, sha256, size, limits, started)


def _read_known(path: Path, name: str, sha256: str, size: int, limits: Limits, started: float) -> DocumentRead:
    try:
        document = sandbox.run(read_here, path, name, sha256, limits, limits=limits)
    except (IngestionError, OSError) as error:
        document = unreadable(name, sha256, "", size, predicate(error))
    return document.model_copy(update={"seconds": round(time.monotonic() - started, 3)})


def read_here(path: Path, name: str, sha256: str, limits: Limits) -> DocumentRead:
    """Read one file in this very process, without a sandbox; what the child runs, and it alone loads the readers."""
    from . import reading

    return reading.read_here(path, name, sha256, limits)


def read_many(
    paths: Iterable[Path],
    *,
    workers: int = 2,
    limits: Limits = DEFAULT_LIMITS,
    known: Callable[[str], bool] = lambda sha256: False,
) -> Iterator[tuple[Path, DocumentRead]]:
    """Read files in parallel children; each comes as soon as it is ready.

    A file whose hash `known` accepts comes at once as `skipped`, without pages.
    """
    waiting: dict[Future[DocumentRead], Path] = {}
    executor = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="ingestion")
    try:
        for path in paths:
            skipped = _skip(path, known)
            if skipped is not None:
                yield path, skipped
                continue
            waiting[executor.submit(read_file, path, limits=limits)] = path
            if len(waiting) >= WAITING_PER_WORKER * max(1, workers):
                yield from _ready(waiting)
        while waiting:
            yield from _ready(waiting)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _ready(waiting: dict[Future[DocumentRead], Path]) -> Iterator[tuple[Path, DocumentRead]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        yield waiting.pop(future), future.result()


def _skip(path: Path, known: Callable[[str], bool]) -> DocumentRead | None:
    try:
        sha256, size = sha256_of(path), path.stat().st_size
    except OSError:
        return None
    if not known(sha256):
        return None
    return DocumentRead(
        sha256=sha256,
        name=path.name,
        media_type="",
        size=size,
        status=ReadStatus.SKIPPED,
        reason=f"{path.name} was already read.",
    )
