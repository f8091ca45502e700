"""The set of single passages: does a passage show that a promise is carried out, or only make it?

Such a set is a folder with `passages.jsonl` (`text`, `language`, `evidence_status` Yes or No, `source`) and no
criteria. What is measured is `assistant.judge.kinds.practice_probability(text, language)`: at one half or more the
passage is taken for practice.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import EvaluationError
from evaluation.memory import PeakMemory
from evaluation.metrics import Resampler, figure, reliability
from evaluation.sets import text_of

PassageJudge = Callable[[str, str], float]
PRACTICE = 0.5


class LabelledPassage(BaseModel):
    """One passage and whether it holds evidence that a commitment is carried out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    language: str
    evidence_status: Literal["Yes", "No"]
    source: str = ""


def is_kinds_set(folder: Path) -> bool:
    """Whether the folder is a set of single passages rather than of documents with criteria."""
    return (folder / "passages.jsonl").is_file() and not (folder / "labels.jsonl").exists()


def load_passages(folder: Path) -> list[LabelledPassage]:
    """The labelled passages. Raises `EvaluationError` with file and line."""
    path = folder / "passages.jsonl"
    passages = []
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if line.strip():
            try:
                passages.append(LabelledPassage.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"])
                raise EvaluationError(f"{path}, line {number}: {field}: {first['msg']}.") from error
    if not passages:
        raise EvaluationError(f"{path} is empty: a set without labels measures nothing.")
    return passages


def run_kinds(folder: Path, judge: PassageJudge | None = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The block of this set and one row per passage. Intervals are over the reports the passages come from."""
    judge = judge or practice_judge()
    passages = load_passages(folder)
    started = time.perf_counter()
    with PeakMemory() as memory:
        chances = [judge(passage.text, passage.language) for passage in passages]
    seconds = time.perf_counter() - started
    languages = sorted({passage.language for passage in passages})
    pairs = list(zip(passages, chances, strict=True))
    block = {
        "scope": "passages",
        "kinds": _block(passages, chances),
        "by_language": {
            language: {"kinds": _block(*_columns([pair for pair in pairs if pair[0].language == language]))}
            for language in languages
        },
        "cost": {
            "passages": len(passages),
            "seconds": round(seconds, 2),
            "peak_mb": round(memory.peak_mb, 1),
        },
    }
    rows = [
        {
            "row": "passage",
            "unit": passage.source,
            "requirement": "evidence_status",
            "document": f"passage {number}",
            "verdict": passage.evidence_status,
            "strength": round(chance, 6),
            "scores": {"accuracy": float((chance >= PRACTICE) == (passage.evidence_status == "Yes"))},
        }
        for number, (passage, chance) in enumerate(pairs, 1)
    ]
    return block, rows


def practice_judge() -> PassageJudge:
    """`practice_probability` of the product. Raises `EvaluationError` when this version has none."""
    try:
        module = importlib.import_module("assistant.judge.kinds")
        judge: PassageJudge = module.practice_probability
    except (ImportError, AttributeError) as error:
        raise EvaluationError(
            "This version has no assistant.judge.kinds.practice_probability, which a set of passages measures."
        ) from error
    return judge


def _columns(pairs: Sequence[tuple[LabelledPassage, float]]) -> tuple[list[LabelledPassage], list[float]]:
    return [passage for passage, _ in pairs], [chance for _, chance in pairs]


def _block(passages: Sequence[LabelledPassage], chances: Sequence[float]) -> dict[str, Any]:
    sample = Resampler([passage.source for passage in passages])
    actual = [passage.evidence_status for passage in passages]
    called = ["Yes" if chance >= PRACTICE else "No" for chance in chances]
    right = [status == "Yes" for status in actual]
    return {
        "macro_f1": figure(sample.macro_f1(actual, called)),
        "accuracy": figure(sample.mean([float(a == c) for a, c in zip(actual, called, strict=True)])),
        "auroc": figure(sample.auroc(right, chances)),
        "ece": figure(sample.calibration_error(chances, right)),
        "reliability": reliability(chances, right),
        "passages": len(passages),
    }
