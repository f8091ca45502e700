"""What the failure browser shows of a case: all that was searched for, gold with its ranks, and what decided."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.judge.looks import Look
from assistant.models import SearchRecord, Status
from assistant.progress import silent
from evaluation.command import run

WATER = "Water withdrawal was 4.2 million cubic metres in 2025."
DUST = "Dust is measured at six stations every month."
TERMS = ("extracción de agua", "pobór wody", "取水量")
PARTS = {"probability": 0.21, "cross": -1.5, "margin": 0.4, "rival": -0.2, "sibling": -0.1, "fused_rank": 2.0}


class Telling:
    """A scripted engine that says what it searched for and how it weighed what it found."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.name, self.models, self.promise = engine.name, engine.models, engine.promise
        self.prepare = engine.prepare

    def match_detailed(self, *given: Any, **options: Any) -> Any:
        for one in self._engine.match_detailed(*given, **options):
            search = SearchRecord(
                queries=("Water.", "withdrawal", "abstraction", *TERMS, "Water."),
                documents=1, pages=1, passages=2, candidates=2,
            )  # fmt: skip
            one.finding = one.finding.model_copy(update={"search": search, "status": Status.GAP})
            one.quotes = tuple(quote.model_copy(update={"score_parts": PARTS}) for quote in one.quotes)
            yield one


def test_a_false_gap_shows_queries_gold_with_rank_and_what_decided(
    make_set: Callable[..., Path], scripted: Any, reader: Any, tmp_path: Path
) -> None:
    label = {"document": "a.txt", "requirement": "r1", "verdict": "evidence", "quotes": [WATER]}
    folder = make_set("water", {"a.txt": f"{WATER}\n{DUST}"}, {"C1": {"r1": "Water."}}, [label])
    engine = Telling(scripted({"r1": [(DUST, 0.3, False), (WATER, 0.2, False)]}))
    run([folder], cache=tmp_path / "cache", failures=tmp_path / "worst", factory=lambda cache: engine, reader=reader,
        workers=1, progress=partial(lambda progress, name: progress, silent))  # fmt: skip
    (case,) = [json.loads(line) for line in (tmp_path / "worst" / "water.jsonl").read_text().splitlines()]
    assert case["sort"] == "false gap"
    assert case["query"] == ["Water.", "Water.", "withdrawal", "abstraction", *TERMS]
    (gold,) = case["gold"]
    assert (gold["document"], gold["quote"], gold["quote_rank"]) == ("a.txt", WATER, 2)
    assert [(item["quote"], item["finds_gold"]) for item in case["found"]] == [(DUST, False), (WATER, True)]
    assert case["found"][0]["score_parts"] == PARTS
    lines = (tmp_path / "worst" / "water.md").read_text().splitlines()
    assert "    取水量" in lines
    assert f"    [quote rank 2, passage rank 2] a.txt: {WATER}" in lines
    assert "    probability=0.21 cross=-1.5 margin=0.4 rival=-0.2 sibling=-0.1 fused_rank=2.0" in lines


def test_parts_of_a_look_name_what_decided_and_leave_out_what_there_is_not() -> None:
    class Units:
        unit_passage = np.asarray([4, 4, 7, 9])

    look = Look(
        index=0, model=None, passages=np.asarray([4, 7, 9]), by_passage=np.asarray([0.5, 0.1, 0.9]),
        rows=np.asarray([1, 2]), accused={}, values=np.zeros((2, 1), dtype=np.float32),
        margins=np.asarray([0.25, -1.0]), top=np.asarray([0]), pairs=["pair"],
        rival=np.asarray([0.125, -8.0]), sibling=np.asarray([0.5, -8.0]),
        probabilities=np.asarray([0.75, 0.5], dtype=np.float32), cross=np.asarray([1.5, np.nan], dtype=np.float32),
    )  # fmt: skip
    assert look.parts(Units, 0) == {
        "probability": 0.75, "cross": 1.5, "margin": 0.25, "rival": 0.125, "sibling": 0.5, "fused_rank": 2.0,
    }  # fmt: skip
    assert look.parts(Units, 1) == {"probability": 0.5, "margin": -1.0, "fused_rank": 3.0}
