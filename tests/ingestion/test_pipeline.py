"""Whole files through the pipeline: states and their sentences, offsets, many at once, folders."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import ingestion
from ingestion import Limits, ReadStatus, expand, read_file, read_many, sha256_of

POLICY = (
    "Water Policy\n\nSite: North Mine\nDate of issue: 5 March 2024\n\nWe measure the water that we take every day.\n"
)


def test_public_names_exist():
    for name in ingestion.__all__:
        assert getattr(ingestion, name) is not None
    assert len(set(ingestion.__all__)) == len(ingestion.__all__)


def test_a_text_is_read_with_facts_and_passages(tmp_path: Path):
    path = tmp_path / "policy.txt"
    path.write_text(POLICY, encoding="utf-8")
    document = read_file(path)
    assert (document.status, document.reason, document.reader) == (ReadStatus.READ, "", "text")
    assert document.sha256 == hashlib.sha256(POLICY.encode()).hexdigest() == sha256_of(path)
    assert (document.name, document.size, document.media_type) == ("policy.txt", len(POLICY), "text/plain")
    assert document.languages == {"en": 1.0}
    assert {fact.name.value: fact.value for fact in document.facts}["issued"] == "2024-03-05"
    for passage in document.passages:
        text = document.pages[passage.page - 1].text
        assert text[passage.start : passage.end] == passage.text
        assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "empty.pdf is empty (0 bytes)"),
        ("broken.pdf", b"%PDF-1.7 nothing", "broken.pdf is damaged and cannot be opened as a PDF"),
        ("blank.txt", b"   \n", "blank.txt holds no text"),
        (
            "old.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "old.doc is an old Word file",
        ),
        ("noise.bin", bytes(range(256)) * 40, "noise.bin is in no format that is read"),
        ("broken.docx", b"PK\x03\x04 broken", "broken.docx is damaged"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, words: str):
    path = tmp_path / name
    path.write_bytes(content)
    document = read_file(path)
    assert document.status is ReadStatus.UNREADABLE
    assert document.reason.startswith(words)
    assert document.reason.endswith(".")
    assert document.pages == ()
    assert document.sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_that_is_not_there(tmp_path: Path):
    document = read_file(tmp_path / "gone.pdf")
    assert (document.status, document.sha256) == (ReadStatus.UNREADABLE, "")
    assert (
        document.reason
        == "gone.pdf cannot be opened (No such file or directory): check the path and the access rights."
    )


def test_the_sentence_uses_the_name_given(tmp_path: Path):
    path = tmp_path / "ab12"
    path.write_bytes(b"")
    assert read_file(path, name="Plan.pdf").reason.startswith("Plan.pdf is empty")


def test_a_wrong_extension_is_fine(tmp_path: Path):
    path = tmp_path / "policy.pdf"
    path.write_text(POLICY, encoding="utf-8")
    assert read_file(path).media_type == "text/plain"


def test_limits_are_sentences_too(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text("\f".join(["word " * 50] * 3), encoding="utf-8")
    assert read_file(path, limits=Limits(file_mb=0)).reason.startswith("a.txt has 0 MB, more than the limit of 0 MB")
    partly = read_file(path, limits=Limits(text_chars=300))
    assert (partly.status, len(partly.pages)) == (ReadStatus.PARTLY, 1)
    assert partly.reason == "a.txt was read in part: only the first 1 of 3 pages were kept (too much text)."


def test_many_files_in_parallel_and_known_ones_skipped(tmp_path: Path):
    paths = []
    for number in range(6):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Number {number}. {POLICY}" if number != 3 else "", encoding="utf-8")
        paths.append(path)
    known = sha256_of(paths[5])
    found = dict(read_many(paths, workers=2, known=lambda sha256: sha256 == known))
    assert set(found) == set(paths)
    statuses = [found[path].status.value for path in paths]
    assert statuses == ["read", "read", "read", "unreadable", "read", "skipped"]
    assert found[paths[5]].reason == "5.txt was already read."


def test_a_reader_may_stop_early(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text(POLICY, encoding="utf-8")
    results = read_many([path] * 4, workers=2)
    assert next(results)[1].status is ReadStatus.READ
    results.close()


def test_folders_are_expanded(tmp_path: Path):
    for name in ("b/two.txt", "a.txt", ".hidden", "b/.git/x", "b/~$two.docx"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert expand([tmp_path, tmp_path / "a.txt"]) == [tmp_path / "a.txt", tmp_path / "b" / "two.txt"]


@pytest.mark.data
def test_odd_files_all_end_in_a_state_with_a_sentence(data: Path):
    folder = data / "robust"
    chosen = [*expand([folder / "pdf_injection_samples", folder / "pypdf_resources"])]
    chosen += expand([folder / "qpdf_tests" / "fuzz_extra"])[::6]
    for path, document in read_many(chosen, workers=2, limits=Limits(ocr_engine="none")):
        if document.status is ReadStatus.READ:
            assert any(page.text.strip() for page in document.pages)
        else:
            assert path.name in document.reason
            assert document.reason.endswith(".")
