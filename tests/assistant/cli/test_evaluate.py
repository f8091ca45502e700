from pathlib import Path
from typing import Any

import pytest

from tests.assistant.cli.conftest import Assay


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What `evaluation` was asked for; it answers with one figure."""
    made: list[dict[str, Any]] = []

    def run(sets: list[Path], json_out: Path | None, **options: Any) -> dict[str, Any]:
        made.append({"sets": sets, "json_out": json_out, **options})
        recall = {"value": 0.5, "low": 0.4, "high": 0.6}
        cost = dict.fromkeys(("documents", "pages", "passages", "seconds", "pages_per_second", "peak_mb"), 1)
        return {"sets": {"small": {"evidence": {"pairs": 3, "recall@10": recall}, "cost": cost}}}

    monkeypatch.setattr("evaluation.command.run", run)
    (tmp_path / "small").mkdir()
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
        }
    ]
    assert "0.500" in called.out


def test_baseline_that_fell_gives_exit_code_one(assay: Assay, calls: list[dict[str, Any]], tmp_path: Path) -> None:
    assert assay("evaluate", "--set", "small", "--make-baseline", "floor.json").code == 0
    assert assay("evaluate", "--set", "small", "--baseline", "floor.json").code == 0
    floor = (tmp_path / "floor.json").read_text()
    (tmp_path / "floor.json").write_text(floor.replace("0.5", "0.9"))
    fell = assay("evaluate", "--set", "small", "--baseline", "floor.json")
    assert fell.code == 1
    assert "evidence.recall@10" in fell.err


def test_compare_needs_a_result_of_its_own(assay: Assay, calls: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("{}")
    called = assay("evaluate", "--set", "small", "--compare", "old.json")
    assert called.code == 2
    assert called.err.startswith("--compare needs --json")
    assert calls == []


def test_a_set_that_is_none(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    called = assay("evaluate", "--set", "empty")
    assert (called.code, called.out) == (2, "")
    assert "empty" in called.err
    assert "Traceback" not in called.err
