"""The model card and the data card beside the weights name everything that the weights learnt from."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import EvaluationError
from assistant.judge.evidence_model import WEIGHTS
from assistant.judge.features import FEATURES
from evaluation.training import cards
from evaluation.training.build import TRAINABLE
from evaluation.training.cards import (
    DATA_CARD,
    MODEL_CARD,
    NOT_USED,
    TRAINING,
    write_cards,
    write_shipped_cards,
)
from evaluation.training.measured import measured_of

CARD = {
    "trained": "2026-01-02",
    "sets": ["aims-au", "udhr-es", "udhr-pl"],
    "rows": 12345,
    "positives": 678,
    "folds": 3,
    "figures": {"units": {"aims-au": 0.6272}, "ece": 0.031, "new_figure": {"all": 0.5}},
    "gap_below": 0.6,
    "supported_from": 0.7,
    "bound": "The bound is that of a test.",
    "promise": "Gaps here are wrong at most 20% of the time.",
}


def test_cards_say_what_the_card_of_the_weights_says(tmp_path: Path) -> None:
    assert write_cards(tmp_path, CARD) == [tmp_path / MODEL_CARD, tmp_path / DATA_CARD]
    model, data = (tmp_path / MODEL_CARD).read_text(), (tmp_path / DATA_CARD).read_text()
    for line in (
        "- Trained on: aims-au, udhr-es, udhr-pl (see [data-card.md](data-card.md))",
        "- Rows: 12,345 pairs of requirement and sentence, of which 678 are evidence",
        "| `aims-au` | 0.627 |",
        "Expected calibration error over all rows, out of fold: 0.031",
        "It is small by itself: of 12,345 rows 5% are evidence, so that for most next to nothing is stated and next to "
        "nothing is there. What a reader meets are findings and shown quotes, below.",
        "The table of aims was not filled with these weights yet.",
        "New figure:",
        CARD["promise"],
        "A requirement is called a gap below 0.6 and supported from 0.7; between the two a person decides. The bound "
        "is that of a test.",
        f"Features of the trees: {', '.join(f'`{name}`' for name in FEATURES)}.",
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


MEASURED: dict[str, Any] = {
    "engine": {"models": {"evidence": "abc"}},
    "trained_on": ["aims-au", "udhr-es"],
    "sets": {
        "aims-au": {"seen": "trained the model"},
        "udhr-es": {"seen": "trained the model"},
        "gdpr-dpa-dev": {
            "seen": "never seen in training",
            "contradicted": {"gold": 4, "recall": {"value": 0.25}, "precision": {"value": None}},
            "calibration": {
                "ece": {"value": 0.08, "low": 0.07, "high": 0.09},
                "reliability": [{"from": 0.3, "to": 0.4, "count": 1200, "strength": 0.36, "observed": 0.5}],
            },
        },
    },
    "sets_held_out": {
        "aims-au": {
            "gap": {"gold_gaps": 3},
            "contradicted": {"gold": 0},
            "calibration": {
                "ece": {"value": 0.04, "low": 0.03, "high": 0.05},
                "ece_finding": {"value": 0.06, "low": 0.05, "high": 0.07},
                "reliability": [{"from": 0.9, "to": 1.0, "count": 7, "strength": 0.95, "observed": 1.0}],
                "reliability_finding": [{"from": 0.0, "to": 0.1, "count": 2, "strength": 0.05, "observed": 0.0}],
            },
        },
    },
}


def test_calibration_is_that_of_documents_that_the_weights_had_not_seen(tmp_path: Path) -> None:
    write_cards(tmp_path, CARD, MEASURED)
    lines = (tmp_path / MODEL_CARD).read_text().splitlines()
    start = lines.index("## Calibration of what is shown")
    rows = [line for line in lines[start:] if line.startswith("| `")]
    assert rows == [
        "| `aims-au` | held out | 0.060 (0.050 to 0.070) | 0.040 (0.030 to 0.050) |",
        "| `gdpr-dpa-dev` | never seen in training |  | 0.080 (0.070 to 0.090) |",
        "| `aims-au` | 0.00 (2) |" + "  |" * 9,
        "| `aims-au` |" + "  |" * 9 + " 1.00 (7) |",
        "| `gdpr-dpa-dev` |" + "  |" * 3 + " 0.50 (1,200) |" + "  |" * 6,
        "| `gdpr-dpa-dev` | 4 | 0.25 |  |",
    ]


def test_a_table_of_other_weights_says_nothing_of_these(tmp_path: Path) -> None:
    report = tmp_path / "aims.json"
    assert measured_of("abc", report) == {}
    report.write_text(json.dumps(MEASURED))
    assert (measured_of("abc", report), measured_of("abd", report)) == (MEASURED, {})


def test_the_data_card_counts_the_words_of_our_own(tmp_path: Path) -> None:
    write_cards(tmp_path, CARD)
    data = (tmp_path / DATA_CARD).read_text()
    for name, made in (("contrasts", "from the catalogue alone"), ("worlds", "without any source")):
        count = len(Path(cards.__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
        [row] = [line for line in data.splitlines() if line.startswith(f"| `{name}.jsonl`")]
        assert f"| {count:,} " in row
        assert row.endswith(f"| written by language models {made} | Apache-2.0, as this repository |")


def test_shipped_cards_are_those_of_the_stored_card_and_table(tmp_path: Path) -> None:
    for name in (WEIGHTS.name, WEIGHTS.with_suffix(".json").name):
        (tmp_path / name).write_bytes((WEIGHTS.parent / name).read_bytes())
    write_shipped_cards(tmp_path)
    for name in (MODEL_CARD, DATA_CARD):
        shipped, made = (WEIGHTS.parent / name).read_text(), (tmp_path / name).read_text()
        assert shipped == made, "write the cards again: python -m evaluation.training.cards"


def test_shipped_cards_name_each_set_of_the_shipped_weights() -> None:
    card = json.loads(WEIGHTS.with_suffix(".json").read_text())
    data, model = ((WEIGHTS.parent / name).read_text() for name in (DATA_CARD, MODEL_CARD))
    for name in card["sets"]:
        assert f"| `{name}` |" in data
        assert name in model
    for name in NOT_USED:
        assert name in data
