import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EvaluationError
from evaluation.compare import compare, compare_rows, holm, unlike
from evaluation.paired import RATIOS, SWAPS
from evaluation.result import Measured, pair_rows, pairs_path, read_measured, write_result
from evaluation.rows import GoldResult, PairRow, ProposalRow, RankRow, Rows
from evaluation.runner import Cost, SetRun
from evaluation.summary import summarise


def rows(values: list[float], metric: str = "evidence.map") -> list[dict]:
    return [
        {"set": "s", "row": "ranking", "unit": f"d{i // 2}", "document": f"d{i // 2}", "requirement": f"r{i}",
         "scores": {metric: value}}
        for i, value in enumerate(values)
    ]  # fmt: skip


def test_clear_gain_is_significant() -> None:
    chance = np.random.default_rng(3)
    old = chance.random(60) * 0.4
    new = old + 0.2 + chance.random(60) * 0.1
    (row,) = compare_rows(rows(old.tolist()), rows(new.tolist()))
    assert row.difference == pytest.approx(0.25, abs=0.02)
    assert row.low is not None
    assert row.low > 0.2
    assert row.p == pytest.approx(1 / (SWAPS + 1), abs=1e-4)


def test_no_difference_has_p_one() -> None:
    (row,) = compare_rows(rows([0.5] * 10), rows([0.5] * 10))
    assert (row.difference, row.low, row.high, row.p) == (0.0, 0.0, 0.0, 1.0)


def test_noise_is_not_significant() -> None:
    chance = np.random.default_rng(4)
    old = chance.random(60)
    (row,) = compare_rows(rows(old.tolist()), rows((old + chance.normal(0, 0.2, 60)).tolist()))
    assert row.p > 0.05


def test_units_are_swapped_together() -> None:
    # two documents only: swapping them gives four sums, so p cannot fall under one half however large the gain is
    old = [{**row, "unit": "ab"[index % 2]} for index, row in enumerate(rows([0.0] * 20))]
    new = [{**row, "scores": {"evidence.map": 1.0}} for row in old]
    assert compare_rows(old, new)[0].p == pytest.approx(0.5, abs=0.05)


def test_nothing_shared_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="share no judged pair"):
        compare_rows(rows([1.0]), rows([1.0], "gap.accuracy"))


def test_holm_corrects_step_by_step_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    both = compare_rows(rows([0.0, 0.1] * 10), [*rows([0.4, 0.6] * 10)])
    assert [row.p_holm for row in both] == [row.p for row in both]


LANGUAGE = "en"


def judged(better: bool, documents: int = 60, seed: int = 5) -> Rows:
    """Two pairs a document: one with evidence, one gap; the worse engine misses gaps, contradictions and kinds."""
    chance = np.random.default_rng(seed)
    found = Rows()
    for number in range(documents):
        name = f"d{number:02}.txt"
        right = better or number % 3 == 0
        verdict = "contradicted" if number % 5 == 0 else "evidence"
        called = verdict if right else "evidence"
        gap = "gap" if right else "evidence"
        status = "supported" if called == "evidence" else called
        common = {"unit": name, "document": name, "language": LANGUAGE}
        strength = float(chance.uniform(0.7, 0.95))
        low = float(chance.uniform(0.05, 0.2)) if right else float(chance.uniform(0.6, 0.9))
        found.pairs += [
            PairRow(requirement="r1", verdict=verdict, called=called, status=status, strength=strength,
                    here=called == "evidence", **common),
            PairRow(requirement="r2", verdict="gap", called=gap, status="gap" if right else "supported", strength=low,
                    here=gap == "evidence", **common),
        ]  # fmt: skip
        gold = GoldResult(name, "q", 1.0, "record" if number % 2 else "procedure", True, True, 1, 1,
                          ("record" if number % 2 else "procedure") if right else "commitment")  # fmt: skip
        found.rankings.append(RankRow(name, name, "r1", LANGUAGE, {"map": 0.5}, {"map": 0.5}, (gold,)))
        found.proposals += [
            ProposalRow(name, strength, True, True, "r1"),
            ProposalRow(name, low, False, not right, "r2"),
        ]
    return found


def measured(path: Path, found: Rows, scope: str = "document", **result: object) -> Measured:
    blocks = {"s": {"scope": scope, "engine": {"name": "e/1", "models": {"reader": "x"}}}}
    content = {"form": 2, "today": "2026-11-22", "only": [], "documents": None, "sets": blocks, **result}
    write_result(path, content, {"s": list(pair_rows(found))})
    return read_measured(path)


def figures(found: Rows, scope: str) -> dict[str, float]:
    names = ("hit@1", "hit@5", "recall@5", "recall@10", "recall@20", "map", "ndcg@10")
    full = replace_scores(found, dict.fromkeys(names, 0.5))
    block = summarise(SetRun("s", scope, full, Cost()))
    wanted = {metric.name for metric in RATIOS}
    return {
        f"{part}.{name}": entry["value"]
        for part, values in block.items()
        if isinstance(values, dict)
        for name, entry in values.items()
        if f"{part}.{name}" in wanted and isinstance(entry, dict) and entry.get("value") is not None
    }


def replace_scores(found: Rows, scores: dict[str, float]) -> Rows:
    rankings = [replace(row, quotes=scores, passages=scores) for row in found.rankings]
    return Rows(rankings=rankings, pairs=found.pairs, proposals=found.proposals)


@pytest.mark.parametrize("scope", ["document", "collection"])
def test_ratio_metrics_are_those_of_the_result(tmp_path: Path, scope: str) -> None:
    old, new = judged(False), judged(True)
    found = compare(measured(tmp_path / "old.json", old, scope), measured(tmp_path / "new.json", new, scope))
    ratios = {metric.name for metric in RATIOS}
    rounded = lambda values: {name: pytest.approx(value, abs=2e-4) for name, value in values.items()}  # noqa: E731
    assert {row.metric: row.before for row in found if row.metric in ratios} == rounded(figures(old, scope))
    assert {row.metric: row.after for row in found if row.metric in ratios} == rounded(figures(new, scope))


def test_a_gain_in_gaps_shows_in_every_figure_of_gaps(tmp_path: Path) -> None:
    old, new = measured(tmp_path / "old.json", judged(False)), measured(tmp_path / "new.json", judged(True))
    found = {row.metric: row for row in compare(old, new)}
    for name in ("gap.f1", "gap.balanced_accuracy", "gap.auroc", "contradicted.f1", "kinds.macro_f1"):
        assert found[name].after == 1.0, name
        assert found[name].low is not None
        assert 0 < found[name].low <= found[name].difference, name
        assert found[name].p < 0.01, name
        assert found[name].p <= found[name].p_holm, name
    assert found["calibration.ece"].difference < 0
    assert found["calibration.ece"].p < 1
    same = {row.metric: row for row in compare(new, new)}
    assert {(row.difference, row.p, row.p_holm) for row in same.values()} == {(0.0, 1.0, 1.0)}


def test_a_document_that_speaks_for_and_against_keeps_both_pairs() -> None:
    pair = {"set": "s", "row": "pair", "unit": "C1", "document": "a.txt", "requirement": "r1", "called": "evidence",
            "status": "supported", "strength": 0.8, "here": True, "scores": {"gap.accuracy": 1.0}}  # fmt: skip
    both = [{**pair, "verdict": "evidence"}, {**pair, "verdict": "contradicted", "scores": {"gap.accuracy": 0.0}}]
    (accuracy,) = [row for row in compare_rows(both, both) if row.metric == "gap.accuracy"]
    assert (accuracy.pairs, accuracy.before, accuracy.after) == (2, 0.5, 0.5)


def test_what_was_not_alike_is_said(tmp_path: Path) -> None:
    old = measured(tmp_path / "old.json", judged(True), documents=4, settings={"reranker": "shipped", "shown": 6})
    other = {"scope": "document", "engine": {"name": "e/2", "models": {"reader": "y"}}, "framework_digest": "b"}
    new = measured(tmp_path / "new.json", judged(True, documents=59), sets={"s": other, "t": {}},
                   settings={"reranker": "", "shown": 6})  # fmt: skip
    old.result["sets"]["s"]["framework_digest"] = "a"
    assert unlike(old, new) == [
        "t: only new.json has this set.",
        "Before and after differ in --documents: 4, then none.",
        "Before and after differ in the setting reranker: shipped, then none.",
        "s: the engine was e/1, is now e/2.",
        "s: the model of the reader was x, is now y.",
        "s: the criteria are not the same as before: a difference need not be the engine's.",
        "s: 2 judged pairs are only in old.json and 0 only in new.json; they are left out.",
    ]
    assert unlike(new, new) == []


def write(folder: Path, result: str | bytes, pairs: str | bytes | None) -> Path:
    path = folder / "old.json"
    path.write_bytes(result if isinstance(result, bytes) else result.encode())
    if pairs is not None:
        pairs_path(path).write_bytes(pairs if isinstance(pairs, bytes) else pairs.encode())
    return path


GOOD = json.dumps({"form": 2, "sets": {}})
ROW = json.dumps(rows([0.5])[0])


@pytest.mark.parametrize(
    ("result", "pairs", "sentence"),
    [
        (GOOD, None, r"old\.pairs\.jsonl is missing"),
        (GOOD, ROW[:40], r"old\.pairs\.jsonl, line 1 is no row of a result or was cut off"),
        (GOOD, f'{ROW}\n{{"a": 1}}\n', r"old\.pairs\.jsonl, line 2 is no row"),
        (GOOD, ROW.replace("0.5", '"much"'), r"line 1 is no row.*scores"),
        (GOOD, b"\xff\xfe", "not UTF-8"),
        (b"\xff\xfe", ROW, "not UTF-8"),
        ("[]", ROW, "has no sets"),
        ('{"sets": {"s": 3}}', ROW, "has no sets"),
        ('{"sets": {}}', ROW, "has the form None, and this version reads 1 and 2"),
        ('{"form": 3, "sets": {}}', ROW, "has the form 3"),
        ('{"form": 2, "rows_sha256": "0", "sets": {}}', ROW, "is not what was written with old.json"),
    ],
)
def test_an_older_result_that_is_none_is_one_sentence(
    tmp_path: Path, result: str | bytes, pairs: str | bytes | None, sentence: str
) -> None:
    with pytest.raises(EvaluationError, match=sentence):
        read_measured(write(tmp_path, result, pairs))


def test_results_of_the_older_form_are_compared_by_what_they_hold(tmp_path: Path) -> None:
    new = measured(tmp_path / "new.json", judged(True))
    lacking = [{key: value for key, value in row.items() if key not in ("here", "kinds")} for row in new.rows]
    text = "".join(json.dumps(row) + "\n" for row in lacking if row["row"] != "proposal")
    old = read_measured(write(tmp_path, json.dumps({"form": 1, "sets": new.result["sets"]}), text))
    names = {row.metric for row in compare(old, new)}
    assert "gap.f1" in names
    assert not {"calibration.ece", "kinds.macro_f1"} & names
    assert unlike(old, new)[0].startswith("old.json is of an older form")
