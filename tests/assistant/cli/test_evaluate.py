import json
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import EngineSettings
from evaluation.result import FORM, write_result
from evaluation.sets import digest_of
from tests.assistant.cli.conftest import Assay


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What `evaluation` was asked for; it answers with one figure."""
    made: list[dict[str, Any]] = []

    def run(sets: list[Path], json_out: Path | None, **options: Any) -> dict[str, Any]:
        made.append({"sets": sets, "json_out": json_out, **options})
        recall = {"value": 0.5, "low": 0.4, "high": 0.6}
        cost = dict.fromkeys(("documents", "pages", "passages", "seconds", "pages_per_second", "peak_mb"), 1)
        block = {
            "evidence": {"pairs": 3, "recall@10": recall},
            "cost": cost,
            "set_digest": digest_of(tmp_path / "small"),
        }
        block["by_language"] = {"pl": {"pairs": 7, "evidence": {"pairs": 3, "recall@10": recall}}}
        return {"sets": {"small": block}}

    monkeypatch.setattr("evaluation.command.run", run)
    documents = tmp_path / "small" / "documents"
    documents.mkdir(parents=True)
    requirements = [{"id": "1.a", "text": "A register."}]
    criteria = {"id": "small", "version": "1", "title": "Small", "criteria": [
        {"id": "1", "title": "One", "requirements": requirements}]}  # fmt: skip
    (documents / "a.txt").write_text("A register of facilities.")
    (documents.parent / "criteria.json").write_text(json.dumps(criteria))
    (documents.parent / "labels.jsonl").write_text('{"document": "a.txt", "requirement": "1.a", "verdict": "gap"}\n')
    return made


def test_options_reach_the_evaluation(assay: Assay, calls: list[dict[str, Any]]) -> None:
    called = assay("evaluate", "--set", "small", "--json", "out.json", "--failures", "worst", "--only", "1.a")
    assert (called.code, called.err) == (0, "")
    assert calls == [
        {
            "sets": [Path("small")],
            "json_out": Path("out.json"),
            "failures": Path("worst"),
            "cache": None,
            "only": {"1.a"},
            "documents": None,
            "workers": 2,
            "settings": EngineSettings(),
        }
    ]
    assert "0.500" in called.out
    assert "settings" not in called.out


def test_figures_by_language_are_shown_when_asked_for(assay: Assay, calls: list[dict[str, Any]]) -> None:
    assert "by language" not in assay("evaluate", "--set", "small").out
    out = assay("evaluate", "--set", "small", "--by", "language").out
    assert "small by language" in out
    (line,) = [line for line in out.splitlines() if line.startswith("│ pl")]
    assert line.split("│")[2].strip() == "7"


def test_settings_of_environment_and_workspace_are_measured_and_said(
    assay: Assay, calls: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "assay.toml").write_text('embedding = "models/other"\njudge = "ollama:some"\n')
    monkeypatch.setenv("ASSAY_RERANKER", "")
    called = assay("evaluate", "--set", "small")
    assert calls[0]["settings"] == EngineSettings(embedding="models/other", reranker="")
    said = "Measured with other settings than the shipped ones: embedding = models/other, reranker = none."
    assert said in called.out
    assert "The judge ollama:some was not asked: the figures are without a language model." in called.out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "Stopped. What was read and embedded is kept, so the same command goes on faster."),
        (
            ("--json", "out.json"),
            "Stopped. Sets that were finished stand in out.json; what was read and embedded is kept, "
            "so the same command goes on faster.",
        ),
    ],
)
def test_what_is_kept_is_said_when_it_is_stopped(
    assay: Assay, calls: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], sentence: str
) -> None:
    def stopped(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("evaluation.command.run", stopped)
    called = assay("evaluate", "--set", "small", *options)
    assert (called.code, called.out) == (130, "")
    assert called.err.strip() == sentence


def test_baseline_that_fell_gives_exit_code_one(assay: Assay, calls: list[dict[str, Any]], tmp_path: Path) -> None:
    assert assay("evaluate", "--set", "small", "--make-baseline", "floor.json").code == 0
    assert assay("evaluate", "--set", "small", "--baseline", "floor.json").code == 0
    floor = (tmp_path / "floor.json").read_text()
    (tmp_path / "floor.json").write_text(floor.replace("0.5", "0.9"))
    fell = assay("evaluate", "--set", "small", "--baseline", "floor.json")
    assert fell.code == 1
    assert "evidence.recall@10" in fell.err


def test_baseline_is_read_and_its_source_checked_before_the_run(
    assay: Assay, calls: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert assay("evaluate", "--set", "small", "--make-baseline", "floor.json").code == 0
    stored = json.loads((tmp_path / "floor.json").read_text())
    (tmp_path / "four.json").write_text(json.dumps(stored).replace('"documents": 1', '"documents": 4'))
    (tmp_path / "two.json").write_text(json.dumps(stored).replace('"small"', '"large"'))
    (tmp_path / "bad.json").write_bytes(b"\xff")
    made = len(calls)
    for name, sentence in (
        ("bad.json", "The baseline bad.json is wrong: it is not UTF-8 text."),
        ("two.json", "The result and the baseline share no set, so nothing could be checked."),
        ("four.json", "small: the baseline is of 4 documents, not of 1: give the same --documents, or store it again."),
    ):
        called = assay("evaluate", "--set", "small", "--baseline", name)
        assert (called.code, called.out, called.err) == (2, "", f"{sentence}\n")
    same = assay("evaluate", "--set", "small", "--baseline", "floor.json", "--make-baseline", "floor.json")
    assert same.err.startswith("--make-baseline would write over what --baseline reads (floor.json).")
    assert len(calls) == made


def test_guarded_sets_that_were_not_measured_are_named(
    assay: Assay, calls: list[dict[str, Any]], tmp_path: Path
) -> None:
    assay("evaluate", "--set", "small", "--make-baseline", "floor.json")
    stored = json.loads((tmp_path / "floor.json").read_text())
    for part in ("sets", "sources"):
        stored[part]["large"] = stored[part]["small"]
    (tmp_path / "floor.json").write_text(json.dumps(stored))
    called = assay("evaluate", "--set", "small", "--baseline", "floor.json")
    assert called.code == 0
    assert "Not checked, for it was not measured: large." in called.out


def test_compare_needs_a_result_of_its_own(assay: Assay, calls: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("{}")
    called = assay("evaluate", "--set", "small", "--compare", "old.json")
    assert called.code == 2
    assert called.err.startswith("--compare needs --json")
    assert calls == []


def fabricated(path: Path, right: int, **result: Any) -> bytes:
    """A result over ten documents of which `right` gaps were called so."""
    rows = [
        {"row": "pair", "unit": f"d{number}", "document": f"d{number}", "requirement": "1.a", "verdict": verdict,
         "called": called, "status": called, "strength": 0.2, "here": False,
         "scores": {"gap.accuracy": float(verdict == called)}}
        for number in range(10)
        for verdict, called in (("gap", "gap" if number < right else "evidence"), ("evidence", "evidence"))
    ]  # fmt: skip
    content = {"form": FORM, "sets": {"small": {"scope": "document", "cost": {}}}, **result}
    write_result(path, content, {"small": rows})
    return path.read_bytes()


def test_comparison_shows_ratios_with_interval_and_corrected_p(
    assay: Assay, calls: list[dict[str, Any]], tmp_path: Path
) -> None:
    fabricated(tmp_path / "old.json", 2, documents=4)
    fabricated(tmp_path / "new.json", 10, documents=None)
    called = assay("evaluate", "--set", "small", "--json", "new.json", "--compare", "old.json")
    assert (called.code, called.err) == (0, "")
    (line,) = [line for line in called.out.splitlines() if " gap.f1 " in line]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert cells[:6] == ["small", "gap.f1", "20", "0.333", "1.000", "+0.667"]
    assert cells[6].startswith("+0.")
    p, corrected = float(cells[7]), float(cells[8])
    assert 0 < p < 0.02 < corrected
    assert "p, Holm for " in called.out
    assert "Before and after differ in --documents: 4, then none." in called.out


def test_compared_result_is_read_before_the_run(assay: Assay, calls: list[dict[str, Any]], tmp_path: Path) -> None:
    kept = fabricated(tmp_path / "old.json", 2)
    fabricated(tmp_path / "other.json", 2, sets={"large": {}})
    pairs = tmp_path / "cut.pairs.jsonl"
    fabricated(tmp_path / "cut.json", 2)
    pairs.write_text(pairs.read_text()[:-20])
    for older, out, sentence in (
        ("old.json", "old.json", "--json would write over what --compare reads (old.json)"),
        ("old.json", "old.txt", "--json would write over what --compare reads (old.json)"),
        ("old.json", "old.pairs.jsonl", "--json would write over what --compare reads (old.json)"),
        ("cut.json", "new.json", "cut.pairs.jsonl, line 20 is no row of a result or was cut off"),
        ("other.json", "new.json", "other.json has none of the sets small, so nothing can be compared"),
    ):
        called = assay("evaluate", "--set", "small", "--json", out, "--compare", older)
        assert (called.code, called.out) == (2, "")
        assert called.err.startswith(sentence)
        assert called.err.splitlines()[1:] in ([], ["See: assay evaluate --help"])
    assert calls == []
    assert (tmp_path / "old.json").read_bytes() == kept


def test_a_set_that_is_none(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    called = assay("evaluate", "--set", "empty")
    assert (called.code, called.out) == (2, "")
    assert "empty" in called.err
    assert "Traceback" not in called.err
