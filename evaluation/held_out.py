"""Documents held out: each document of a set in training is measured with weights that saw other documents only.

`python -m evaluation.training --folds FOLDS` writes such weights, a folder a fold (0, 1, ...): what its figures out of
fold are of. Their trees, interaction model, cross-encoder and requirement model were fitted to no pair of the fold. Two
things are those of the whole training, and said on the page: the thresholds of the three answers, and the scales of
probabilities (which move no ranking; so calibration is not judged here). As in any stacking, what one part gives
another of the other folds' documents is by models that had seen this fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import EvaluationError
from evaluation.engines import EngineFactory
from evaluation.progress import Estimate
from evaluation.rows import Rows
from evaluation.runner import Cost, SetRun, Workers, run_set
from evaluation.sets import load_set
from evaluation.training.dataset import FOLDS, fold
from evaluation.weights import HELD_OUT, READER, evidence_model

_SAME = ("sets", "share", "folds")
"""What the card of these weights and that of the shipped ones must say alike."""


def fold_weights(folder: Path) -> list[Path]:
    """The folders of weights that saw all but one fold, in the order of folds.

    Raises `EvaluationError` when one is missing, or was trained for another fold or otherwise than the shipped weights.
    """
    found = [folder / str(number) for number in range(FOLDS)]
    shipped = evidence_model().card
    for number, one in enumerate(found):
        card = evidence_model(one).card if one.is_dir() and (one / READER).is_file() else {}
        if card.get(HELD_OUT) != number or any(card.get(entry) != shipped.get(entry) for entry in _SAME):
            raise EvaluationError(
                f"--folds {folder}: {number} holds no weights that were trained as the shipped ones but without fold "
                f"{number}; train again with --folds."
            )
    return found


def can_be_held_out(folder: Path) -> bool:
    """Whether the documents of a set are sites of their own, and enough of them to be held out in turn."""
    eval_set = load_set(folder)
    return eval_set.options.scope == "document" and len(eval_set.documents) >= FOLDS


def run_held_out(folder: Path, factories: Sequence[EngineFactory], cache: Path, workers: Workers) -> SetRun:
    """One set, each of its documents with the weights that did not see it; `factories` open them in order of folds."""
    whole = load_set(folder)
    done = SetRun(whole.name, whole.options.scope, Rows(), Cost())
    for number, factory in enumerate(factories):
        labels = tuple(label for label in whole.labels if fold(label.document) == number)
        if not labels:
            continue
        progress = Estimate(f"{folder.name}, fold {number + 1} of {len(factories)} held out")
        part = whole.model_copy(update={"labels": labels})
        run = run_set(part, factory, cache=cache, workers=workers, progress=progress)
        done.rows.add(run.rows)
        done.cost.add(run.cost)
        done.engine = run.engine
    return done
