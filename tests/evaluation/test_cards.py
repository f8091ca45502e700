"""The model card and the data card beside the weights name everything that the weights learnt from."""

import json
from pathlib import Path

import pytest

from assistant.errors import EvaluationError
from assistant.judge.evidence_model import WEIGHTS
from evaluation.training.build import TRAINABLE
from evaluation.training.cards import DATA_CARD, MODEL_CARD, NOT_USED, TRAINING, write_cards

CARD = {
    "trained": "2026-01-02",
    "sets": ["aims-au", "udhr-es", "udhr-pl"],
    "rows": 12345,
    "positives": 678,
    "folds": 3,
    "figures": {"units": {"aims-au": 0.6272}, "ece": 0.031, "new_figure": {"all": 0.5}},
    "gap_below": 0.6,
    "supported_from": 0.7,
    "promise": "Gaps here are wrong at most 20% of the time.",
    "features": ["cosine"],
}


def test_cards_say_what_the_card_of_the_weights_says(tmp_path: Path) -> None:
    assert write_cards(tmp_path, CARD) == [tmp_path / MODEL_CARD, tmp_path / DATA_CARD]
    model, data = (tmp_path / MODEL_CARD).read_text(), (tmp_path / DATA_CARD).read_text()
    for line in (
        "- Trained on: aims-au, udhr-es, udhr-pl (see [data-card.md](data-card.md))",
        "- Rows: 12,345 pairs of requirement and sentence, of which 678 are evidence",
        "| `aims-au` | 0.627 |",
        "Expected calibration error, out of fold: 0.031",
        "New figure:",
        CARD["promise"],
        "Features of the trees: `cosine`.",
    ):
        assert line in model.splitlines(), line
    assert "--leave-out contractnli-dev --leave-out cuad-dev" in model
    assert "- `udhr-es`, `udhr-pl`: The translation of the article, by its number." in data.splitlines()
    assert "| `cuad-dev` |" not in data
    assert "left out of this training" in data


def test_a_set_that_nobody_described_cannot_be_trained_on(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="mystery is not described"):
        write_cards(tmp_path, {**CARD, "sets": ["mystery"]})
    assert set(TRAINABLE) == set(TRAINING)
    assert not set(TRAINABLE) & set(NOT_USED)


def test_shipped_cards_name_each_set_of_the_shipped_weights() -> None:
    card = json.loads(WEIGHTS.with_suffix(".json").read_text())
    data, model = ((WEIGHTS.parent / name).read_text() for name in (DATA_CARD, MODEL_CARD))
    for name in card["sets"]:
        assert f"| `{name}` |" in data
        assert name in model
    for name in NOT_USED:
        assert name in data
