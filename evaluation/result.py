"""The two files of a result: figures as JSON, and the rows behind them beside it (`NAME.pairs.jsonl`)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.errors import EvaluationError
from evaluation.rows import Rows

FORM = 2
"""Version of the result's form."""

READABLE_FORMS = (1, FORM)
"""Form 1 has no rows of proposals, of kinds and of `here`, and does not say what it was made of."""

ROWS_DIGEST = "rows_sha256"


@dataclass(frozen=True, slots=True)
class Measured:
    """A result that was read with its rows."""

    path: Path
    result: dict[str, Any]
    rows: list[dict[str, Any]]


class _Row(BaseModel):
    """What every row has. It is checked only: rows are worked with as they stand."""

    model_config = ConfigDict(extra="ignore", strict=True)

    set: str
    unit: str
    document: str
    requirement: str


class _Ranking(_Row):
    row: Literal["ranking"]
    scores: dict[str, float]
    kinds: list[tuple[str, str]] = []


class _Pair(_Row):
    row: Literal["pair"]
    verdict: str
    called: str
    status: str
    strength: float = Field(ge=0, le=1)
    here: bool = False
    scores: dict[str, float]


class _Proposal(_Row):
    row: Literal["proposal"]
    strength: float = Field(ge=0, le=1)
    relevant: bool


class _Passage(_Row):
    row: Literal["passage"]
    verdict: str
    strength: float = Field(ge=0, le=1)
    scores: dict[str, float]


_ROW: TypeAdapter[_Ranking | _Pair | _Proposal | _Passage] = TypeAdapter(
    Annotated[_Ranking | _Pair | _Proposal | _Passage, Field(discriminator="row")]
)


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
            "kinds": [[gold.kind, gold.found_kind] for gold in ranking.golds if gold.kind],
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
            "here": pair.here,
            "scores": {
                "gap.accuracy": float((pair.verdict == "gap") == (pair.called == "gap")),
                "gap.abstained": float(pair.called == "abstained"),
            },
        }
    for proposal in rows.proposals:
        if proposal.shown:
            yield {
                "row": "proposal",
                "unit": proposal.unit,
                "document": "",
                "requirement": proposal.requirement,
                "strength": round(proposal.strength, 6),
                "relevant": proposal.relevant,
            }


def write_result(path: Path, result: dict[str, Any], rows: Mapping[str, Iterable[dict[str, Any]]]) -> None:
    """Write figures and rows, each file as a whole or not at all.

    Raises `EvaluationError` when the folder cannot be written.
    """
    lines = "".join(
        json.dumps({"set": name, **line}, ensure_ascii=False) + "\n" for name, some in rows.items() for line in some
    )
    result = {**result, ROWS_DIGEST: _digest(lines.encode())}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(pairs_path(path), lines)
        _replace(path, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise EvaluationError(f"The result {path} cannot be written: {error.strerror}.") from error


def read_measured(path: Path) -> Measured:
    """An earlier result with its rows. Raises `EvaluationError` when one of the two files is none, or they differ."""
    result = read_result(path)
    rows = read_rows(path)
    stated = result.get(ROWS_DIGEST)
    if stated is not None and stated != _digest(pairs_path(path).read_bytes()):
        raise EvaluationError(f"{pairs_path(path)} is not what was written with {path.name}: evaluate again.")
    return Measured(path, result, rows)


def read_result(path: Path) -> dict[str, Any]:
    """The figures of an earlier evaluation. Raises `EvaluationError` when the file is none."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"The result {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is no result of an evaluation: it is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{path} is no JSON: {error.msg} in line {error.lineno}.") from error
    sets = result.get("sets") if isinstance(result, dict) else None
    if not isinstance(sets, dict) or not all(isinstance(block, dict) for block in sets.values()):
        raise EvaluationError(f"{path} is no result of an evaluation: it has no sets.")
    if result.get("form") not in READABLE_FORMS:
        readable = " and ".join(map(str, READABLE_FORMS))
        raise EvaluationError(
            f"{path} has the form {result.get('form')}, and this version reads {readable}: "
            "evaluate again, or take the version that wrote it."
        )
    return dict(result)


def read_rows(result: Path) -> list[dict[str, Any]]:
    """The rows beside a result. Raises `EvaluationError` when they are missing, cut off or of another kind."""
    path = pairs_path(result)
    if not path.exists():
        raise EvaluationError(f"{path} is missing: it is written beside {result.name} and holds the rows to compare.")
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} holds no rows of a result: it is not UTF-8 text.") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                _ROW.validate_json(line)
            except ValidationError as error:
                found = error.errors()[0]
                where = ".".join(str(part) for part in found["loc"])
                raise EvaluationError(
                    f"{path}, line {number} is no row of a result or was cut off "
                    f"({f'{where}: ' if where else ''}{found['msg']}): evaluate again."
                ) from error
            rows.append(json.loads(line))
    return rows


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
