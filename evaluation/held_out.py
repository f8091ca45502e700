"""Documents held out: each document of a set in training is measured with weights that saw other documents only.

`python -m evaluation.training --folds FOLDS` writes such weights, a folder a fold (0, 1, ...): what its figures out of
fold are of. Their trees, interaction model, cross-encoder and requirement model were fitted to no pair of the fold.
Three things are those of the whole training: the thresholds of the three answers, the scales of probabilities (two
numbers a scale, fitted to what all the folds' models said of documents they had not seen: they move no ranking, and a
calibration error is the lower for them), and the kind model (no kinds are judged here). So is what they hold for
frameworks that nothing learnt from, which sets in training are not. As in any stacking, what one part gives another of
the other folds' documents is by models that had seen this fold. A set of one document is judged by the weights of its
fold; those of the Declaration of Human Rights may have seen the same articles in another language.

A collection is matched once with each fold's weights, always all of it; what is proposed from a document is taken from
the weights that did not see it, and all of that is judged as one ranking. What is shown was chosen among all documents,
so that those the weights saw can crowd out the held-out ones: `here` errs to the low side.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import EvaluationError
from assistant.models import Evidence, Finding
from evaluation.engines import EngineFactory, MatchResult, RankedPassage, suited, thresholds_of
from evaluation.judging import judge_collection
from evaluation.memory import PeakMemory
from evaluation.progress import Estimate
from evaluation.reading import read_documents
from evaluation.rows import Rows
from evaluation.runner import EVALUATION_DAY, Cost, SetRun, Workers, cost_of, describe, match_collection, run_set
from evaluation.sets import EvaluationSet, load_set
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
    """Whether the labels of a set speak of single documents: those of a whole collection cannot be held out."""
    return not load_set(folder).judges_whole_collection


def run_held_out(whole: EvaluationSet, factories: Sequence[EngineFactory], cache: Path, workers: Workers) -> SetRun:
    """One set, each of its documents with the weights that did not see it; `factories` open them in order of folds."""
    if whole.options.scope == "collection":
        return _collection(whole, factories, cache, workers)
    done = SetRun(whole.name, whole.options.scope, Rows(), Cost())
    for number, factory in enumerate(factories):
        labels = tuple(label for label in whole.labels if fold(label.document) == number)
        if not labels:
            continue
        progress = Estimate(f"{whole.name}, fold {number + 1} of {len(factories)} held out")
        part = whole.model_copy(update={"labels": labels})
        run = run_set(part, factory, cache=cache, workers=workers, progress=progress)
        done.rows.add(run.rows)
        done.cost.add(run.cost)
        done.engine = run.engine
    return done


@dataclass(frozen=True, slots=True)
class _Held:
    """What was proposed for one requirement, from each document by the weights that did not see it."""

    finding: Finding
    quotes: tuple[Evidence, ...]
    passages: tuple[RankedPassage, ...]


def _collection(whole: EvaluationSet, factories: Sequence[EngineFactory], cache: Path, workers: Workers) -> SetRun:
    read = read_documents(whole.documents, cache, workers=workers.count, progress=Estimate(f"{whole.name}, reading"))
    fold_of = {document.sha256: fold(name) for name, document in read.documents.items()}
    started = time.perf_counter()
    by_fold: list[list[MatchResult]] = []
    with PeakMemory() as memory:
        for number, factory in enumerate(factories):
            progress = Estimate(f"{whole.name}, fold {number + 1} of {len(factories)} held out")
            engine = suited(factory(cache), whole.framework)
            by_fold.append(match_collection(whole, read.documents, engine, EVALUATION_DAY, progress))
    matched = [_held(results, fold_of) for results in zip(*by_fold, strict=True)]
    rows = judge_collection(whole, read.documents, matched, thresholds_of(engine))
    cost = cost_of(read, time.perf_counter() - started, memory.peak_mb)
    return SetRun(whole.name, whole.options.scope, rows, cost, describe(engine))


def _held(results: Sequence[MatchResult], fold_of: Mapping[str, int]) -> _Held:
    """One requirement's results, in the order of folds, as one: from each document what its own fold's weights gave.

    Quotes and passages are ordered by strength, which all weights mean alike; the status is the first one's.
    """
    held = list(enumerate(results))
    quotes = [quote for number, one in held for quote in one.quotes if fold_of[quote.sha256] == number]
    passages = [passage for number, one in held for passage in one.passages if fold_of[passage.sha256] == number]
    shown = [quote for number, one in held for quote in one.finding.evidence if fold_of[quote.sha256] == number]
    return _Held(
        results[0].finding.model_copy(update={"evidence": tuple(shown)}),
        tuple(sorted(quotes, key=lambda quote: -quote.strength)),
        tuple(sorted(passages, key=lambda passage: -passage.score)),
    )
