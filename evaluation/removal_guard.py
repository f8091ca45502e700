"""The removal test on the sample site as a guard: how often gaps are named may not fall, nor false ones grow more.

Every figure of the other baselines can hold while the tool calls no gap at all once evidence is gone; this one breaks
then. It takes fewer cases than the table of aims, because each of them matches the whole site again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.cache import cache_folder
from assistant.errors import EvaluationError
from evaluation.engines import EngineFactory, open_engine
from evaluation.progress import Estimate
from evaluation.reading import Reader
from evaluation.removal import run_removal
from evaluation.sets import load_set

STORED = "removal.json"
GUARDED_CASES = 20
"""Cases tried: three minutes of one core, measured on a busy machine. One of them is .05, which is the tolerance."""


class RemovalFloor(BaseModel):
    """Stored rates of gaps, called rightly after a removal and wrongly before it, of so many cases of a set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set: str
    cases: int
    true_gap_rate: float
    false_gap_rate: float

    @property
    def tolerance(self) -> float:
        """How far a rate may move: by one case."""
        return 1 / self.cases


def measure_removals(
    folder: Path,
    *,
    cases: int = GUARDED_CASES,
    workers: int = 2,
    cache: Path | None = None,
    factory: EngineFactory = open_engine,
    reader: Reader | None = None,
) -> RemovalFloor:
    """The rates of a set as they are now. Raises `EvaluationError` when the set has no evidence."""
    rates, done = run_removal(
        load_set(folder), factory, cache=cache or cache_folder("evaluation"), cases=cases, workers=workers,
        progress=Estimate(f"{folder.name}, removal"), reader=reader,
    )  # fmt: skip
    return RemovalFloor(
        set=folder.name,
        cases=len(done),
        true_gap_rate=rates["true_gap_rate"]["value"],
        false_gap_rate=rates["false_gap_rate"]["value"],
    )


def removal_falls(now: RemovalFloor, stored: RemovalFloor) -> list[str]:
    """One sentence for each rate that got worse by more than one case. Raises `EvaluationError` for other cases."""
    if (now.set, now.cases) != (stored.set, stored.cases):
        raise EvaluationError(
            f"{STORED} holds {stored.cases} removals of {stored.set} and not {now.cases} of {now.set}: store it again."
        )
    losses = {
        "true_gap_rate": stored.true_gap_rate - now.true_gap_rate,
        "false_gap_rate": now.false_gap_rate - stored.false_gap_rate,
    }
    return [
        f"{now.set}: removal.{name} went from {getattr(stored, name):.3f} to {getattr(now, name):.3f}."
        for name, loss in losses.items()
        if loss > stored.tolerance + 1e-9
    ]


def read_removals(path: Path) -> RemovalFloor:
    """The stored rates. Raises `EvaluationError` when the file is missing or wrong."""
    try:
        return RemovalFloor.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"The baseline {path} cannot be read; store it again.") from error
    except ValidationError as error:
        raise EvaluationError(f"The baseline {path} is wrong: {error.errors()[0]['msg']}; store it again.") from error


def guard_removals(folder: Path, baselines: Path, store: bool, **options: Any) -> list[str]:
    """Store the rates in the folder `baselines`, or give one sentence for each that got worse; says which it did.

    `options` go to `measure_removals`. Raises `EvaluationError`.
    """
    path = baselines / STORED
    if not store and not path.exists():
        click.echo("removal: nothing is stored.")
        return []
    stored = None if store else read_removals(path)
    now = measure_removals(folder, **options)
    if stored is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(now.model_dump(), indent=1) + "\n", encoding="utf-8")
        click.echo(f"removal: stored {now.cases} removals of {now.set}.")
        return []
    found = removal_falls(now, stored)
    click.echo(f"removal: {len(found)} figures fell.")
    return found
