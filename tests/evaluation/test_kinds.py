import json
import sys
from pathlib import Path

import pytest

from assistant.errors import EvaluationError
from assistant.judge.kinds import practice_probability
from evaluation.command import run
from evaluation.kinds import is_kinds_set, load_passages, practice_judge, run_kinds
from evaluation.table import breakdown_tables

PASSAGES = [
    ("We will cut dust.", "en", "No", "report-1"),
    ("We cut dust by 12 % in 2025.", "en", "Yes", "report-1"),
    ("Nous réduirons les poussières.", "fr", "No", "report-2"),
    ("En 2025, 12 % de moins.", "fr", "Yes", "report-3"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "passages"
    path.mkdir()
    lines = [
        json.dumps({"text": text, "language": language, "evidence_status": status, "source": source, "promise": "Yes"})
        for text, language, status, source in PASSAGES
    ]
    (path / "passages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return path


def test_macro_f1_for_each_language(folder: Path) -> None:
    assert is_kinds_set(folder)
    block, rows = run_kinds(folder, lambda text, language: 0.9 if "2025" in text or language == "fr" else 0.2)
    assert block["by_language"]["en"]["kinds"]["macro_f1"]["value"] == 1.0
    assert block["by_language"]["fr"]["kinds"]["macro_f1"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert block["kinds"]["accuracy"]["value"] == 0.75
    assert [row["scores"]["accuracy"] for row in rows] == [1.0, 1.0, 0.0, 1.0]


def test_command_takes_such_a_set(folder: Path, tmp_path: Path) -> None:
    result = run([folder], tmp_path / "r.json", cache=tmp_path, practice=lambda text, language: 0.5)
    assert result["sets"]["passages"]["kinds"]["passages"] == 4
    assert (tmp_path / "r.pairs.jsonl").read_text().count("\n") == 4


def test_worst_passages_are_written(folder: Path, tmp_path: Path) -> None:
    chances = {"We will cut dust.": 0.9, "En 2025, 12 % de moins.": 0.3, "We cut dust by 12 % in 2025.": 0.1}
    run([folder], cache=tmp_path, failures=tmp_path / "worst", practice=lambda text, language: chances.get(text, 0.2))
    cases = [json.loads(line) for line in (tmp_path / "worst" / "passages.jsonl").read_text().splitlines()]
    assert [(case["sort"], case["document"], case["strength"]) for case in cases] == [
        ("promise taken for practice", "passage 1", 0.9),
        ("practice taken for a promise", "passage 2", 0.1),
        ("practice taken for a promise", "passage 4", 0.3),
    ]
    lines = (tmp_path / "worst" / "passages.md").read_text().splitlines()
    assert "## Labelled as practice, taken for a promise (2 of 2 shown)" in lines
    assert "    En 2025, 12 % de moins." in lines


def test_passages_are_shown_by_language(folder: Path, tmp_path: Path) -> None:
    result = run([folder], cache=tmp_path, practice=lambda text, language: 0.9 if "2025" in text else 0.2)
    (table,) = breakdown_tables(result, "language")
    assert [list(column.cells)[:2] for column in table.columns[:2]] == [["en", "fr"], ["2", "2"]]
    assert next(iter(table.columns[2].cells)).startswith("1.000")


def test_requirements_of_single_passages_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="passages is a set of single passages, which have no requirements"):
        run([folder], cache=tmp_path, only=["1.a"], practice=lambda text, language: 0.5)


def test_passages_that_are_not_utf_8_are_named_before_anything_runs(folder: Path, tmp_path: Path) -> None:
    (folder / "passages.jsonl").write_bytes(b"\xe9")
    with pytest.raises(EvaluationError, match=r"passages\.jsonl is not UTF-8 text"):
        run([folder], cache=tmp_path, practice=None)


def test_faults_are_sentences(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "assistant.judge.kinds", None)
    with pytest.raises(EvaluationError, match="practice_probability"):
        practice_judge()
    (folder / "passages.jsonl").write_text('{"text": "x", "language": "en", "evidence_status": "Perhaps"}')
    with pytest.raises(EvaluationError, match="line 1: evidence_status"):
        load_passages(folder)
    (folder / "passages.jsonl").write_text("")
    with pytest.raises(EvaluationError, match="is empty"):
        load_passages(folder)


def test_one_record_among_promises_is_evidence_of_practice() -> None:
    promise = "We are committed to protecting the health of everybody who works here."
    record = "On 3 May 2026 the inspector visited the dam and recorded 14 readings of the piezometers."
    alone, together = practice_probability(promise, "en"), practice_probability(f"{promise} {record} {promise}", "en")
    assert alone < 0.5 < together
    assert together == pytest.approx(practice_probability(record, "en"), abs=1e-4)
