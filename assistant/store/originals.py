"""The originals, stored by their content: `files/ab/cdef…` is the file whose SHA-256 is `abcdef…`.

A file is copied to a temporary name, brought to the disk and then renamed: under its final name it is always whole.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from assistant.errors import NotFoundError, WorkspaceError

_PIECE = 1 << 20
"""Bytes copied at a time."""

STALE_SECONDS = 3600
"""A temporary file this old belongs to nobody any more: the largest file is copied in seconds."""


class Originals:
    """The files of a workspace under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is, or would be."""
        return self.folder / sha256[:2] / sha256[2:]

    def get(self, sha256: str) -> Path:
        """The stored file. Raises `NotFoundError` when it is not there."""
        path = self.path(sha256)
        if not path.is_file():
            raise NotFoundError(f"The original {sha256[:12]}… is not in {self.folder}; add the file again.")
        return path

    def put(self, source: Path, sha256: str) -> Path:
        """Store a copy of `source`, whose hash must be `sha256`. Raises `WorkspaceError` when it is not."""
        target = self.path(sha256)
        if target.is_file():
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.parent / f".{target.name[:16]}.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            found = _copy(source, temporary)
            if found != sha256:
                raise WorkspaceError(f"{source.name} was changed while it was being read; add it again.")
            temporary.replace(target)
        except OSError as error:
            raise WorkspaceError(
                f"{source.name} could not be copied into {self.folder}: {error.strerror or error}."
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
        _sync_folder(self.folder)
        return target

    def sha256(self, sha256: str) -> str:
        """The hash the stored file has now: equal to its name unless somebody changed it."""
        with self.get(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def sweep(self) -> int:
        """Remove the temporary files that killed copies left long ago; how many there were."""
        oldest = time.time() - STALE_SECONDS
        swept = 0
        for path in self.folder.glob("??/.*"):
            with suppress(FileNotFoundError):  # another copy was renamed or swept between the two looks
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    swept += 1
        return swept


def _copy(source: Path, target: Path) -> str:
    seen = hashlib.sha256()
    with source.open("rb") as reader, target.open("xb") as writer:
        while piece := reader.read(_PIECE):
            seen.update(piece)
            writer.write(piece)
        writer.flush()
        os.fsync(writer.fileno())
    return seen.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Bring the folder's entries to the disk; only POSIX can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
