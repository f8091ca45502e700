"""The two files of a result: figures as JSON, and one row for each judged pair beside it (`NAME.pairs.jsonl`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from evaluation.rows import Rows


def pairs_path(result: Path) -> Path:
    """Where the rows behind the figures in `result` stand."""
    return result.with_name(f"{result.stem}.pairs.jsonl")


def pair_rows(rows: Rows) -> Iterator[dict[str, Any]]:
    """Rows that two results can be compared on: `scores` holds what a mean may be taken of."""
    for ranking in rows.rankings:
        scores = {f"evidence.{name}": round(value, 6) for name, value in ranking.quotes.items()}
        scores |= {f"evidence_passages.{name}": round(value, 6) for name, value in ranking.passages.items()}
        scores |= {f"evidence_paragraphs.{name}": round(value, 6) for name, value in ranking.paragraphs.items()}
        yield {
            "row": "ranking",
            "unit": ranking.unit,
            "document": ranking.document,
            "requirement": ranking.requirement,
            "scores": scores,
        }
    for pair in rows.pairs:
        yield {
            "row": "pair",
            "unit": pair.unit,
            "document": pair.document,
            "requirement": pair.requirement,
            "verdict": pair.verdict,
            "called": pair.called,
            "status": pair.status,
            "strength": round(pair.strength, 6),
            "scores": {
                "gap.accuracy": float((pair.verdict == "gap") == (pair.called == "gap")),
                "gap.abstained": float(pair.called == "abstained"),
            },
        }


def write_result(path: Path, result: dict[str, Any], rows: dict[str, Iterable[dict[str, Any]]]) -> None:
    """Write figures and rows. Raises `EvaluationError` when the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        with pairs_path(path).open("w", encoding="utf-8") as file:
            for name, lines in rows.items():
                for line in lines:
                    file.write(json.dumps({"set": name, **line}, ensure_ascii=False) + "\n")
    except OSError as error:
        raise EvaluationError(f"The result {path} cannot be written: {error.strerror}.") from error


def read_result(path: Path) -> dict[str, Any]:
    """The figures of an earlier evaluation. Raises `EvaluationError` when the file is none."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"The result {path} cannot be read: {error.strerror}.") from error
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{path} is no JSON: {error.msg} in line {error.lineno}.") from error
    if not isinstance(result, dict) or not isinstance(result.get("sets"), dict):
        raise EvaluationError(f"{path} is no result of an evaluation: it has no sets.")
    return result


def read_rows(result: Path) -> list[dict[str, Any]]:
    """The rows beside a result. Raises `EvaluationError` when they are missing."""
    path = pairs_path(result)
    if not path.exists():
        raise EvaluationError(f"{path} is missing: it is written beside {result.name} and holds the rows to compare.")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
