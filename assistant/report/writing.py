"""The working paper to a file, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from assistant.errors import AssayError
from assistant.report import json
from assistant.report.models import Report

FORMATS = ("xlsx", "json")


def write(report: Report, path: Path, format: str = "") -> Path:
    """Write the paper as `format` (by default what the file's ending says) and give the path.

    A kill leaves either the file that was there before or the new one. Raises `AssayError` for a format there is none
    of, or a folder that cannot be written to.
    """
    chosen = (format or path.suffix).casefold().removeprefix(".")
    if chosen not in FORMATS:
        named = f"'{chosen}' is no format of the report" if chosen else f"{path.name} has no ending that names a format"
        raise AssayError(f"{named}; choose {' or '.join(FORMATS)}.")
    content = _WRITERS[chosen](report)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise AssayError(f"The report cannot be written to {path}: {error.strerror or error}.") from error
    return path


def _xlsx(report: Report) -> bytes:
    from assistant.report.xlsx import workbook

    return workbook(report)


_WRITERS: dict[str, Callable[[Report], bytes]] = {"xlsx": _xlsx, "json": lambda report: json.text(report).encode()}
