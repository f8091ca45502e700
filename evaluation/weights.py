"""Weights of another training in place of the shipped ones, and a refusal wherever a shipped one would stay in use.

A figure of weights that left a set out is only honest when *every* model that learnt from labelled sets was left out
too. So each file of weights in the package has to be in the folder as well, and the engine has to take it.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import assistant
from assistant.errors import EvaluationError

if TYPE_CHECKING:
    from assistant.judge.evidence_model import EvidenceModel

EVIDENCE, READER, KINDS = "evidence-model.npz", "cross-encoder.npz", "kind-model.npz"

HELD_OUT = "held_out"
"""Entry in the card of weights that did not see the documents of one fold: the fold's number."""

KIND_QUOTES = "copper-docs-dev"
"""The set whose quotes and their kinds train the kind model, beside sentences of ours."""

STAYS = frozenset({KINDS})
"""Not left out, and said so in the report: it learns kinds of quotes from copper-docs, not what evidence is."""


def evidence_model(weights: Path | None = None) -> EvidenceModel:
    """The shipped evidence model, or that of a folder of weights. Raises `ModelError` when there is none."""
    from assistant.judge.evidence_model import WEIGHTS, load_evidence_model

    return load_evidence_model(weights / WEIGHTS.name if weights else WEIGHTS)


def trained_sets(weights: Path | None = None) -> tuple[str, ...]:
    """The sets whose labels trained the evidence model, as its card names them."""
    sets = evidence_model(weights).card.get("sets", [])
    return tuple(str(name) for name in sets) if isinstance(sets, list) else ()


def kinds_out_of_fold() -> dict[str, dict[str, Any]]:
    """By set what the training measured of the shipped kind model's like: each quote by one that saw other documents.

    In the form of a set's block; empty when the card does not say. The quotes are the labelled ones, found or not.
    """
    card = evidence_model().card
    figures = card.get("figures", {})
    value = figures.get("kinds", {}).get("macro_f1") if isinstance(figures, dict) else None
    if value is None:
        return {}
    return {KIND_QUOTES: {"kinds": {"macro_f1": {"value": value, "low": None, "high": None, "origin": "model card"}}}}


def shipped_weights() -> list[str]:
    """The names of all files of weights in the package."""
    return sorted({path.name for path in Path(assistant.__file__ or "").parent.rglob("*.npz")})


def handed_over(weights: Path | None) -> dict[str, Any]:
    """What `assistant.engine.Engine` is opened with, so that it uses the weights of this folder and no shipped one.

    Raises `EvaluationError` when a file is missing in the folder or the engine cannot be given it.
    """
    if weights is None:
        return {}
    given: dict[str, Any] = {"model": evidence_model(weights)}
    for name in shipped_weights():
        if name == EVIDENCE or name in STAYS:
            continue
        if not (weights / name).is_file():
            raise EvaluationError(f"{weights} has no {name}: the shipped one may have learnt from the set left out.")
        if name != READER or not _takes("reader"):
            raise EvaluationError(
                f"The engine cannot be given {name} of {weights}, so the shipped one would stay in use."
            )
        given["reader"] = importlib.import_module("assistant.index.cross_encoder").ShippedCrossEncoder(weights / name)
    return given


def _takes(parameter: str) -> bool:
    from assistant.engine import Engine

    return parameter in inspect.signature(Engine.__init__).parameters
