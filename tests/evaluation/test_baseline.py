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
    changed_since,
    check_sources,
    falls,
    guarded_sets,
    make_baseline,
    measure_guarded,
    not_checked,
    read_baseline,
    write_baseline,
)
from evaluation.command import run
from evaluation.sets import digest_of

WATER = "Water withdrawal was 4.2 million cubic metres in 2025."


def quiet(name: str):
    return silent


def result(**changes: float | None) -> dict:
    values: dict[str, float | None] = {"evidence.map": 0.6, "gap.f1": 0.5, "calibration.ece": 0.1, **changes}
    block: dict = {
        "quotes": {"shown": 3, "verified": 3},
        "cost": {"documents": 20},
        "scope": "document",
        "set_digest": "d",
        "framework_digest": "f",
        "engine": {"name": "engine/1"},
    }
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
    for content, sentence in (
        (b"[]", "is wrong"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b'{"sets": {"s": {}}, "sources": {}}', "does not say on what s was measured, store it again"),
    ):
        (tmp_path / "wrong.json").write_bytes(content)
        with pytest.raises(EvaluationError, match=sentence):
            read_baseline(tmp_path / "wrong.json")


@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        ("set_digest", "other", "s: the baseline was measured on other documents, labels or criteria: store it again."),
        ("cost", {"documents": 4}, "s: the baseline is of 20 documents, not of 4: give the same --documents"),
    ],
)
def test_what_was_not_measured_on_the_same_is_refused(part: str, value: object, sentence: str) -> None:
    later = result()
    later["sets"]["s"][part] = value
    with pytest.raises(EvaluationError, match=sentence):
        falls(later, make_baseline(result()))


def test_other_requirements_are_refused() -> None:
    with pytest.raises(EvaluationError, match="The baseline is of r1, not of all requirements: give the same --only"):
        falls(result(), make_baseline(result() | {"only": ["r1"]}))


def test_another_engine_or_catalogue_is_what_is_guarded_and_is_named() -> None:
    later = result()
    later["sets"]["s"] |= {"engine": {"name": "engine/2"}, "framework_digest": "g"}
    stored = make_baseline(result())
    assert falls(later, stored) == []
    assert changed_since(later, stored) == [
        "s: the stored figures are of engine/1, the new ones of engine/2.",
        "s: the criteria have changed since its figures were stored.",
    ]
    assert changed_since(result(), stored) == []


def test_sets_that_are_not_checked_are_named() -> None:
    assert not_checked(make_baseline(result()), ["s"]) == []
    assert not_checked(make_baseline(result()), ["t", "u"]) == [
        "Not checked, for it was not measured: s.",
        "Not checked, for the baseline has no figures of it: t, u.",
    ]


def test_the_first_documents_of_a_result_are_remembered() -> None:
    few = make_baseline(result() | {"documents": 4})
    assert (few.documents, few.sources["s"].documents) == ({"s": 4}, 20)


def test_sources_are_asked_before_anything_is_measured(make_set, tmp_path: Path) -> None:
    rows = [{"document": name, "requirement": "r1", "verdict": "gap"} for name in ("a.txt", "b.txt")]
    folder = make_set("s", {"a.txt": WATER, "b.txt": WATER}, {"C1": {"r1": "Water."}}, rows)
    made = result()
    made["sets"]["s"] |= {"cost": {"documents": 2}, "set_digest": digest_of(folder)}
    stored = make_baseline(made)
    check_sources(stored, {"s": folder})
    with pytest.raises(EvaluationError, match="is of 2 documents, not of 1"):
        check_sources(stored, {"s": folder}, documents=1)
    with pytest.raises(EvaluationError, match="not of r1"):
        check_sources(stored, {"s": folder}, only=["r1"])
    (folder / "documents" / "a.txt").write_text("Other.")
    with pytest.raises(EvaluationError, match="other documents, labels or criteria"):
        check_sources(stored, {"s": folder})


def test_watched_metrics_where_less_is_better_are_marked() -> None:
    assert LESS_IS_BETTER & set(WATCHED) == {"calibration.ece", "calibration.ece_finding"}


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
