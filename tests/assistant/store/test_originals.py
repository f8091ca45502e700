from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path

import pytest

from assistant.errors import NotFoundError, WorkspaceError
from assistant.store.originals import STALE_SECONDS, Originals


def original(folder: Path, data: bytes) -> tuple[Path, str]:
    path = folder / "report.pdf"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def test_a_file_is_kept_by_its_content(tmp_path: Path) -> None:
    kept = Originals(tmp_path / "files")
    path, sha256 = original(tmp_path, b"words" * 300_000)
    stored = kept.put(path, sha256)
    assert stored == tmp_path / "files" / sha256[:2] / sha256[2:]
    assert stored.read_bytes() == path.read_bytes()
    assert kept.put(path, sha256) == stored
    assert kept.sha256(sha256) == sha256
    assert [p.name for p in stored.parent.iterdir()] == [stored.name]


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sha256 = original(tmp_path, b"words")
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def told_sync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def told_replace(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", told_sync)
    monkeypatch.setattr(Path, "replace", told_replace)
    Originals(tmp_path / "files").put(path, sha256)
    assert done == ["file", "rename", "folder", "folder"]


def test_a_file_that_changed_while_it_was_read_is_not_kept(tmp_path: Path) -> None:
    kept = Originals(tmp_path / "files")
    path, _ = original(tmp_path, b"words")
    with pytest.raises(WorkspaceError, match=r"report\.pdf was changed while it was being read"):
        kept.put(path, "f" * 64)
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []


def test_a_file_that_cannot_be_copied_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"gone\.pdf could not be copied.*No such file"):
        Originals(tmp_path / "files").put(tmp_path / "gone.pdf", "f" * 64)


def test_an_original_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="add the file again"):
        Originals(tmp_path).get("f" * 64)


def test_what_killed_copies_left_is_swept_and_what_is_going_on_is_not(tmp_path: Path) -> None:
    kept = Originals(tmp_path / "files")
    path, sha256 = original(tmp_path, b"words")
    stored = kept.put(path, sha256)
    old, new = stored.parent / ".old.1.ab", stored.parent / ".new.1.cd"
    old.write_bytes(b"wo")
    new.write_bytes(b"wo")
    past = time.time() - STALE_SECONDS - 1
    os.utime(old, (past, past))
    assert kept.sweep() == 1
    assert (old.exists(), new.exists(), stored.exists()) == (False, True, True)


def test_a_copy_that_vanishes_while_others_are_swept_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Originals(tmp_path / "files")
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter([self / "ab" / ".gone"]))
    assert kept.sweep() == 0
