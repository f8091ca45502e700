"""Formats are told from bytes; the name settles only what bytes cannot."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingestion import formats
from ingestion.errors import DamagedFileError, EmptyFileError, EncryptedFileError
from ingestion.readers import READERS, reader_for


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.docx", b"%PDF-1.4\n...", formats.PDF),
        ("a.bin", b"\x89PNG\r\n\x1a\n rest", "image/png"),
        ("a.pdf", b"plain words in a file with a wrong name", formats.TEXT),
        ("a.txt", b"<!DOCTYPE html><html><body>hi</body></html>", formats.HTML),
        ("a.txt", b"From: a@example.org\nTo: b@example.org\nMIME-Version: 1.0\n\nHello", formats.MAIL),
        ("memo.txt", b"To: all staff\nFrom: the office\nDate: today\n\nHello", formats.TEXT),
        ("a.csv", b"a,b\n1,2\n", formats.CSV),
        ("a.md", b"# Title\n", formats.MARKDOWN),
        ("a.txt", "año".encode("utf-16"), formats.TEXT),
        ("a.txt", bytes(range(256)) * 8, formats.UNKNOWN),
        ("a.txt", b"{\\rtf1 hello}", "application/rtf"),
        ("a.doc", formats.OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
    ],
)
def test_by_content(tmp_path: Path, name: str, content: bytes, kind: str):
    path = tmp_path / name
    path.write_bytes(content)
    assert formats.media_type(path) == kind


def test_office_packages_by_their_members(tmp_path: Path):
    for member, kind in (("word/document.xml", formats.DOCX), ("xl/workbook.xml", formats.XLSX),
                         ("ppt/presentation.xml", formats.PPTX), ("readme.txt", "application/zip")):  # fmt: skip
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "x")
        assert formats.media_type(path) == kind


def test_a_long_text_cut_inside_a_character_is_still_utf8(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text("x" + "é" * formats.HEAD, encoding="utf-8")
    assert formats.media_type(path) == formats.TEXT


def test_states_that_are_clear_at_once(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    with pytest.raises(EmptyFileError, match="empty"):
        formats.media_type(path)
    path.write_bytes(formats.OLE + b"...." + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(EncryptedFileError, match="password"):
        formats.media_type(path)
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(DamagedFileError, match="damaged"):
        formats.media_type(path)


def test_every_refused_format_says_what_to_do():
    for kind in formats.ADVICE:
        assert reader_for(kind) is None
        assert str(formats.refusal(kind)).endswith(".")


def test_every_reader_is_registered_for_what_it_names():
    assert len(READERS) == 9
    office = (formats.DOCX, formats.XLSX, formats.PPTX)
    read = (*office, formats.PDF, formats.HTML, formats.MAIL, formats.CSV, formats.TEXT)
    for kind in (*read, formats.MARKDOWN, "image/png", "image/jpeg", "image/tiff"):
        reader = reader_for(kind)
        assert reader is not None
        assert kind in reader.media_types
