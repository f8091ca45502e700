"""The guard on gaps that are named when evidence is taken out: stored rates, what counts as a fall, the real site."""

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.errors import EvaluationError
from assistant.models import Status
from evaluation import baseline
from evaluation.baseline import BASELINES, SAMPLE_SITE
from evaluation.removal_guard import (
    STORED,
    RemovalFloor,
    guard_removals,
    measure_removals,
    read_removals,
    removal_falls,
)

WATER = "Water withdrawal was 4.2 million cubic metres in 2025."
DUST = "Dust is measured at six stations every month."
FLOOR = RemovalFloor(set="site", cases=20, true_gap_rate=0.25, false_gap_rate=0.05)


def later(**rates: float) -> RemovalFloor:
    return FLOOR.model_copy(update=rates)


def test_a_rate_may_get_worse_by_one_case_only() -> None:
    assert removal_falls(later(true_gap_rate=0.20, false_gap_rate=0.10), FLOOR) == []
    assert removal_falls(later(true_gap_rate=1.0, false_gap_rate=0.0), FLOOR) == []
    assert removal_falls(later(true_gap_rate=0.0), FLOOR) == ["site: removal.true_gap_rate went from 0.250 to 0.000."]
    assert removal_falls(later(false_gap_rate=0.15), FLOOR) == [
        "site: removal.false_gap_rate went from 0.050 to 0.150."
    ]


def test_other_cases_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds 20 removals of site and not 40 of site: store it again"):
        removal_falls(later(cases=40), FLOOR)
    with pytest.raises(EvaluationError, match="cannot be read; store it again"):
        read_removals(tmp_path / "none.json")
    (tmp_path / "wrong.json").write_text("{}")
    with pytest.raises(EvaluationError, match="is wrong: Field required; store it again"):
        read_removals(tmp_path / "wrong.json")


@pytest.fixture
def site(make_set) -> Path:
    """A collection of two texts with evidence for two requirements."""
    rows = [
        {"document": name, "requirement": requirement, "verdict": "evidence", "quotes": [quote]}
        for name in ("a.txt", "b.txt")
        for requirement, quote in (("r1", WATER), ("r2", DUST))
    ]
    texts = {"a.txt": f"{WATER}\n{DUST}", "b.txt": f"{DUST}\n{WATER}\nMore."}
    folder: Path = make_set(
        "sample_site", texts, {"C1": {"r1": "Water.", "r2": "Dust."}}, rows, {"scope": "collection"}
    )
    return folder


def test_an_engine_that_names_no_gap_any_more_breaks_the_guard(site, scripted, reader, tmp_path: Path, capsys) -> None:
    script = {"r1": [(WATER, 0.9, True)], "r2": [(DUST, 0.9, True)]}
    options: dict[str, Any] = {"workers": 1, "cache": tmp_path / "cache", "reader": reader}
    honest, sure = scripted(script), scripted(script, {"r1": Status.SUPPORTED, "r2": Status.SUPPORTED})
    guard = partial(guard_removals, site, tmp_path / "stored", **options)
    assert guard(store=False, factory=lambda cache: honest) == []
    assert guard(store=True, factory=lambda cache: honest) == []
    assert json.loads((tmp_path / "stored" / STORED).read_text()) == {
        "set": "sample_site", "cases": 2, "true_gap_rate": 1.0, "false_gap_rate": 0.0,
    }  # fmt: skip
    assert guard(store=False, factory=lambda cache: honest) == []
    assert guard(store=False, factory=lambda cache: sure) == [
        "sample_site: removal.true_gap_rate went from 1.000 to 0.000."
    ]
    assert capsys.readouterr().out.splitlines() == [
        "removal: nothing is stored.", "removal: stored 2 removals of sample_site.", "removal: 0 figures fell.",
        "removal: 1 figures fell.",
    ]  # fmt: skip


def test_the_command_of_the_baselines_runs_the_guard_on_the_sample_site(monkeypatch, tmp_path: Path) -> None:
    asked = []

    def guard(folder: Path, baselines: Path, store: bool, **options: Any) -> list[str]:
        asked.append((folder, baselines, store))
        return ["sample_site: removal.true_gap_rate went from 0.250 to 0.000."]

    monkeypatch.setattr("evaluation.removal_guard.guard_removals", guard)
    monkeypatch.setattr(baseline, "BASELINES", tmp_path)
    answer = CliRunner().invoke(baseline.main, ["--guard", "golden"])
    assert asked == [(SAMPLE_SITE, tmp_path, False)]
    assert (answer.exit_code, "went from 0.250 to 0.000" in answer.output) == (1, True)


def test_the_stored_rates_are_of_the_sample_site_and_can_fall() -> None:
    stored = read_removals(BASELINES / STORED)
    assert stored.set == SAMPLE_SITE.name
    assert stored.true_gap_rate > stored.tolerance, "a fall to nothing would not be seen"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_gaps_are_named_as_often_as_before_when_evidence_is_taken_out(tmp_path: Path) -> None:
    kept = Path(os.environ["ASSAY_CACHE"]) if "ASSAY_CACHE" in os.environ else tmp_path
    assert removal_falls(measure_removals(SAMPLE_SITE, cache=kept), read_removals(BASELINES / STORED)) == []
