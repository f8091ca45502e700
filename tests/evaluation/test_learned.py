"""What confirmed quotes are worth as queries: the halves share no document, and what one says is found in the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import EvaluationError
from evaluation.learned import HALVES, confirmed, half_of, measure
from evaluation.runner import Workers
from evaluation.sets import EvaluationSet, load_set

SAID = "The paritaria accord of plant {number} was signed by both sides in June."
NAMES = [f"plant-{number}.txt" for number in range(6)]


@pytest.fixture
def made(make_set: Any) -> EvaluationSet:
    filler = "Overtime is paid at the end of the month.\n\nBuses leave when a shift ends.\n\n"
    texts = {name: f"{filler}{SAID.format(number=number)}\n" for number, name in enumerate(NAMES)}
    labels = [
        {"document": name, "requirement": "r1", "verdict": "evidence", "quotes": [SAID.format(number=number)]}
        for number, name in enumerate(NAMES)
    ]
    asked = {"C1": {"r1": "Wages and hours are agreed with a trade union.", "r2": "Water quality is monitored."}}
    return load_set(make_set("made", texts, asked, labels))


def test_what_is_confirmed_is_of_the_other_half_alone(made: EvaluationSet) -> None:
    for half in HALVES:
        found = confirmed(made, half)["r1"]
        assert {one.sha256 for one in found} == {name for name in NAMES if half_of(name) != half}
        assert found
    assert set(confirmed(made, 0)) == {"r1"}


@pytest.mark.slow
def test_the_same_words_in_other_documents_rise(made: EvaluationSet, tmp_path: Path) -> None:
    differences = {one.metric: one for one in measure(made, None, tmp_path / "cache", Workers(1))}
    found = differences["evidence.map"]
    assert found.pairs == len(NAMES)
    assert found.after > found.before


def test_one_site_cannot_be_parted(made: EvaluationSet, tmp_path: Path) -> None:
    whole = made.model_copy(update={"options": made.options.model_copy(update={"scope": "collection"})})
    with pytest.raises(EvaluationError, match="made: one site cannot be parted"):
        measure(whole, None, tmp_path, Workers(1))
