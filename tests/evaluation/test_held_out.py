"""Sets whose documents are held out in turn."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from evaluation.held_out import can_be_held_out, run_held_out
from evaluation.runner import Workers
from evaluation.sets import load_set
from evaluation.training.dataset import FOLDS, fold

WATER = "The site recycles 4.2 million cubic metres of water."
NAMES = [f"{letter}.txt" for letter in "abcdefgh"]
CRITERIA = {"C1": {"r1": "Water.", "r2": "Dust."}}
COLLECTION = {"scope": "collection"}


def labels(name: str) -> list[dict[str, Any]]:
    return [{"document": name, "requirement": "r1", "verdict": "evidence", "quotes": [WATER]}]


@pytest.fixture
def collection(make_set) -> Path:
    every = [label for name in NAMES for label in labels(name)]
    folder: Path = make_set("copper-docs", {name: f"{WATER}\n\n{name}" for name in NAMES}, CRITERIA, every, COLLECTION)
    return folder


def test_of_a_collection_each_document_is_judged_by_the_weights_that_did_not_see_it(
    collection: Path, scripted, tmp_path: Path
) -> None:
    strengths = [0.9, 0.5, 0.1]
    opened = [scripted({"r1": [(WATER, strength, True)]}) for strength in strengths]
    factories = [partial(lambda engine, cache: engine, engine) for engine in opened]
    with Workers(1) as workers:
        done = run_held_out(load_set(collection), factories, tmp_path / "cache", workers)
    assert [len(engine.prepared) for engine in opened] == [1] * FOLDS
    assert all(sorted(engine.prepared[0]) == NAMES for engine in opened)
    by_document = {row.document: (row.strength, row.here) for row in done.rows.pairs}
    assert by_document == {name: (strengths[fold(name)], strengths[fold(name)] > 0.15) for name in NAMES}
    [ranking] = done.rows.rankings
    order = [strengths[fold(item["document"])] for item in ranking.top]
    assert order == sorted(order, reverse=True)
    assert ranking.quotes["recall@20"] == 1.0
    assert (done.rows.verified, done.cost.documents) == (len(NAMES), len(NAMES))


def test_a_set_of_one_document_is_judged_by_the_weights_of_its_fold(make_set, scripted, reader, tmp_path) -> None:
    folder = make_set("udhr-es", {"a.txt": WATER}, CRITERIA, labels("a.txt"))
    strengths = [0.9, 0.5, 0.1]
    opened = [scripted({"r1": [(WATER, strength, True)]}) for strength in strengths]
    factories = [partial(lambda engine, cache: engine, engine) for engine in opened]
    with Workers(1) as workers:
        done = run_held_out(load_set(folder), factories, tmp_path / "cache", workers)
    assert [row.strength for row in done.rows.pairs] == [strengths[fold("a.txt")]]
    assert [len(engine.prepared) for engine in opened] == [int(number == fold("a.txt")) for number in range(FOLDS)]


def test_what_cannot_be_held_out(make_set, collection: Path) -> None:
    assert can_be_held_out(collection)
    assert can_be_held_out(make_set("one", {"a.txt": WATER}, CRITERIA, labels("a.txt")))
    whole = collection / "labels.jsonl"
    everywhere = {"document": "*", "requirement": "r2", "verdict": "gap", "quotes": []}
    whole.write_text(whole.read_text(encoding="utf-8") + json.dumps(everywhere) + "\n", encoding="utf-8")
    assert not can_be_held_out(collection)
