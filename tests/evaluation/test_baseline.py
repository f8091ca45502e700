import os
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.errors import EvaluationError
from assistant.progress import silent
from evaluation import baseline
from evaluation.baseline import (
    BASELINES,
    GUARDS,
    LESS_IS_BETTER,
    WATCHED,
    falls,
    guarded_sets,
    make_baseline,
    measure_guarded,
    read_baseline,
    write_baseline,
)
from evaluation.command import run

WATER = "Water withdrawal was 4.2 million cubic metres in 2025."


def quiet(name: str):
    return silent


def result(**changes: float | None) -> dict:
    values: dict[str, float | None] = {"evidence.map": 0.6, "gap.f1": 0.5, "calibration.ece": 0.1, **changes}
    block: dict = {"quotes": {"shown": 3, "verified": 3}}
    for name, value in values.items():
        part, metric = name.split(".")
        block.setdefault(part, {})[metric] = {"value": value, "low": None, "high": None}
    return {"sets": {"s": block}}


def test_round_trip_and_no_fall(tmp_path: Path) -> None:
    write_baseline(make_baseline(result()), tmp_path / "b" / "one.json")
    stored = read_baseline(tmp_path / "b" / "one.json")
    assert {name: floor.value for name, floor in stored.sets["s"].items()} == {
        "evidence.map": 0.6,
        "gap.f1": 0.5,
        "calibration.ece": 0.1,
    }
    assert falls(result(**{"evidence.map": 0.581, "calibration.ece": 0.05}), stored) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"evidence.map": 0.57}, "s: evidence.map went from 0.600 to 0.570."),
        ({"calibration.ece": 0.13}, "s: calibration.ece went from 0.100 to 0.130."),
        ({"gap.f1": None}, "s: gap.f1 was 0.500 and is not measured any more."),
    ],
)
def test_a_fall_is_one_sentence(changes: dict, sentence: str) -> None:
    assert falls(result(**changes), make_baseline(result())) == [sentence]


def test_unverified_quotes_are_a_fall() -> None:
    later = result()
    later["sets"]["s"]["quotes"]["verified"] = 2
    assert falls(later, make_baseline(result())) == ["s: 3 quotes are shown but 2 verified."]


def test_faults_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="share no set"):
        falls({"sets": {"t": {}}}, make_baseline(result()))
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_baseline(tmp_path / "none.json")
    (tmp_path / "wrong.json").write_text("[]")
    with pytest.raises(EvaluationError, match="is wrong"):
        read_baseline(tmp_path / "wrong.json")


def test_watched_metrics_where_less_is_better_are_marked() -> None:
    assert LESS_IS_BETTER & set(WATCHED) == {"calibration.ece"}


def test_few_pairs_may_fall_by_one_pair() -> None:
    few = result()
    few["sets"]["s"]["gap"]["pairs"] = 30
    stored = make_baseline(few, documents={"s": 4})
    assert {name: floor.tolerance for name, floor in stored.sets["s"].items()} == {
        "evidence.map": 0.02,
        "gap.f1": 0.034,
        "calibration.ece": 0.02,
    }
    assert stored.documents == {"s": 4}


def test_sets_are_measured_by_as_many_documents_as_the_baseline_says(make_set, scripted, reader, tmp_path) -> None:
    texts = {"a.txt": WATER, "b.txt": WATER}
    rows = [{"document": name, "requirement": "r1", "verdict": "evidence", "quotes": [WATER]} for name in texts]
    folders = {name: make_set(name, texts, {"C1": {"r1": "Water."}}, rows) for name in ("all", "few")}
    engine = scripted({"r1": [(WATER, 0.9, True)]})
    measured = measure_guarded(
        folders, {"few": 1}, cache=tmp_path / "cache", workers=1, factory=lambda cache: engine, reader=reader
    )
    assert {name: block["evidence"]["pairs"] for name, block in measured["sets"].items()} == {"all": 2, "few": 1}


def test_command_stores_and_then_sees_a_fall(make_set, scripted, reader, tmp_path, monkeypatch) -> None:
    rows = [{"document": "a.txt", "requirement": "r1", "verdict": "evidence", "quotes": [WATER]}]
    folder = make_set("one", {"a.txt": WATER}, {"C1": {"r1": "Water."}}, rows)
    script = {"r1": [(WATER, 0.9, True)]}
    monkeypatch.setattr(baseline, "GUARDS", {"golden": {"one": None}})
    monkeypatch.setattr(baseline, "BASELINES", tmp_path / "stored")
    monkeypatch.setattr(
        "evaluation.command.run", partial(run, factory=lambda cache: scripted(script), reader=reader, progress=quiet)
    )
    options = ["--data", str(folder.parent), "--workers", "1", "--cache", str(tmp_path / "cache")]
    call = partial(CliRunner().invoke, baseline.main)
    assert call(options).output == "golden: nothing is stored, or none of its sets is here.\n"
    assert call([*options, "--store"]).output.endswith("golden: stored figures of one.\n")
    assert (call(options).exit_code, call(options).output) == (0, "golden: 0 figures fell.\n")
    script.clear()
    later = call(options)
    assert (later.exit_code, "one: evidence.map went from 1.000 to 0.000." in later.output) == (1, True)
    assert "needs the set one" in call(["--store"]).output


def test_stored_baselines_guard_the_sets_that_the_code_names() -> None:
    for guard, sets in GUARDS.items():
        stored = read_baseline(BASELINES / f"{guard}.json")
        assert set(stored.sets) == set(sets), f"{guard}: store it again (evaluation/README.md)"


def check(guard: str, data: Path | None, cache: Path) -> None:
    stored = read_baseline(BASELINES / f"{guard}.json")
    kept = Path(os.environ["ASSAY_CACHE"]) if "ASSAY_CACHE" in os.environ else cache
    assert falls(measure_guarded(guarded_sets(guard, data), stored.documents, cache=kept), stored) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_engine_does_not_fall_on_the_sample_site(tmp_path: Path) -> None:
    check("golden", None, tmp_path)


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.timeout(600)
def test_engine_does_not_fall_on_the_small_sets(data: Path, tmp_path: Path) -> None:
    check("dev", data, tmp_path)
