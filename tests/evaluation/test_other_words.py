"""The same asked in other words: criteria that fit the labels, and weights that are asked for by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.catalogue import load
from assistant.engine import Engine
from assistant.errors import EvaluationError
from assistant.index.cross_encoder import WEIGHTS as READER
from assistant.judge.evidence_model import LEARNT_FROM, WEIGHTS, load_evidence_model
from assistant.models import Requirement
from evaluation.other_words import UNKNOWN, USUAL, open_as, wordings
from evaluation.sets import asked_by, load_set
from evaluation.training.ours import WORLDS
from tests.assistant.retrieve.fakes import framework

WATER = "The site recycles 4.2 million cubic metres of water."


@pytest.mark.parametrize("name", sorted(wordings()))
def test_the_shipped_weights_know_what_they_learnt_in_other_words(name: str) -> None:
    engine = Engine()
    asked = load(wordings()[name])
    assert engine.nearness(asked) >= LEARNT_FROM
    assert engine.for_framework(asked) is engine


def test_most_frameworks_of_other_fields_are_unknown() -> None:
    engine = Engine()
    worlds = [json.loads(line) for line in WORLDS.read_text(encoding="utf-8").splitlines()]
    fields = {
        world["field"]: [Requirement(id=one["id"], text=one["text"]) for one in world["requirements"]]
        for world in worlds
    }
    near = {field: engine.nearness(framework({"1 All": asked})) for field, asked in fields.items()}
    known = {field for field, cosine in near.items() if cosine >= LEARNT_FROM}
    assert len(known) <= len(near) // 5
    assert "hospital infection control" not in known
    assert "software licence agreements" in known  # of the same kind as contracts that were learnt from


def test_labels_stay_and_what_is_asked_is_another(make_set) -> None:
    label = {"document": "a.txt", "requirement": "r1", "verdict": "evidence", "quotes": [WATER]}
    made = load_set(make_set("made", {"a.txt": WATER}, {"C1": {"r1": "Water."}}, [label]))
    other = load(wordings()["aims-au"])
    with pytest.raises(EvaluationError, match="aims-in-other-words has no requirement 'r1', which made has labels for"):
        asked_by(made, other)
    requirement = other.criteria[0].requirements[0].model_copy(update={"id": "r1"})
    fitting = other.model_copy(
        update={"criteria": [other.criteria[0].model_copy(update={"requirements": [requirement]})]}
    )
    asked = asked_by(made, fitting)
    assert (asked.labels, asked.documents) == (made.labels, made.documents)
    assert asked.framework.requirement("r1").text == requirement.text
    assert (asked.targets, asked.groups) == ({"r1": ("r1",)}, {"r1": other.criteria[0].id})


def test_weights_are_taken_as_they_are_named_and_not_by_the_framework(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    for path in (WEIGHTS, READER):
        shutil.copy(path, folder / path.name)
    shipped = load_evidence_model()
    assert shipped.elsewhere is not None
    for name, gap_below in ((USUAL, shipped.gap_below), (UNKNOWN, shipped.elsewhere.gap_below)):
        engine = open_as(tmp_path / "cache", folder, name)
        assert isinstance(engine, Engine)
        assert engine.for_framework(load("rra-v2")) is engine
        assert engine.for_framework(load(wordings()["aims-au"])) is engine
        assert engine.thresholds[0] == gap_below
    without = tmp_path / "without"
    without.mkdir()
    shutil.copy(READER, without / READER.name)
    with np.load(WEIGHTS) as data:
        np.savez(without / WEIGHTS.name, **{name: data[name] for name in data if name != "learnt"})
    with pytest.raises(EvaluationError, match="holds no weights for unknown frameworks; train again with --folds"):
        open_as(tmp_path / "cache", without, UNKNOWN)
