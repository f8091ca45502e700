"""The promise on gaps holds as often as it says: on made data of which the true share of wrong gaps is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.judge.promise import upper_bound
from evaluation.sets import load_set
from evaluation.training import dataset, promise
from evaluation.training.dataset import FOLDS, Group, fold
from evaluation.training.promise import fit_promise
from evaluation.training.sites import behind, site_documents

OFTEN = 1 / 20
"""How often a bound of 95 % may be broken."""
STEPS = np.round(np.arange(0.01, 1.0, 0.01), 2)
Bound = Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]


def any_that_passes(
    predicted: NDArray[np.float64], present: NDArray[np.int8], most: float, bounds: Sequence[Bound] = ()
) -> float:
    """The rule before: of all thresholds the highest that keeps the bound on the same data, 0 where none does."""
    kept = 0.0
    for threshold in STEPS:
        below = predicted < threshold
        wrong = below & (present == 1)
        if below.sum() >= 20:
            limit = upper_bound(int(wrong.sum()), int(below.sum()))
            kept = threshold if max([limit, *(bound(wrong, below) for bound in bounds)]) <= most else kept
    return float(kept)


def test_looking_at_many_thresholds_does_not_break_the_promise() -> None:
    # At every threshold a fifth and a little more of the called gaps is wrong, so that any one breaks the promise.
    rng = np.random.default_rng(5)
    tries, share = 400, 0.205
    now = before = 0
    for _ in range(tries):
        predicted = rng.random(600)
        present = (rng.random(600) < share).astype(np.int8)
        now += fit_promise(predicted, present, ["s"] * 600).gap_below > 0
        before += any_that_passes(predicted, present, 0.20) > 0
    assert now / tries <= OFTEN
    assert before / tries > 3 * OFTEN


@dataclass
class Drawn:
    """Pairs of sites that share documents: predicted, present, and what each hangs on."""

    predicted: NDArray[np.float64]
    present: NDArray[np.int8]
    sites: list[str]
    documents: list[tuple[str, ...]]
    requirements: list[str]


DOCUMENTS, REQUIREMENTS, HELD = 60, 40, 0.05


def drawn_sites(rng: np.random.Generator) -> Drawn:
    """Sites as the training draws them, of documents some of which are hard to read for the model.

    What is found is far above all that is not, among which nothing tells wrong gaps from right ones.
    """
    readable = rng.random(DOCUMENTS)
    held = rng.random((DOCUMENTS, REQUIREMENTS)) < HELD
    found = held & (rng.random(held.shape) < readable[:, None])
    made = Drawn(np.zeros(0), np.zeros(0, dtype=np.int8), [], [], [])
    predicted, present = [], []
    for number in range(FOLDS):
        pool = np.arange(number, DOCUMENTS, FOLDS)
        for turn in range(dataset.SUBSETS_A_FOLD):
            size = dataset.SUBSET_SIZES[turn % len(dataset.SUBSET_SIZES)]
            chosen = rng.choice(pool, min(size, len(pool)), replace=False)
            for requirement in range(REQUIREMENTS):
                holders = chosen[held[chosen, requirement]]
                predicted.append(0.9 if found[chosen, requirement].any() else 0.5 * rng.random())
                present.append(len(holders) > 0)
                made.sites.append(f"{number}.{turn}")
                made.documents.append(tuple(map(str, holders if len(holders) else chosen)))
                made.requirements.append(str(requirement))
    made.predicted, made.present = np.asarray(predicted), np.asarray(present, dtype=np.int8)
    return made


def share_of_wrong(made: Drawn) -> float:
    return float(made.present[made.predicted < 0.6].mean())


def test_sites_that_share_documents_do_not_break_the_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "_DRAWS", 200)
    rng = np.random.default_rng(7)
    truth = float(np.mean([share_of_wrong(drawn_sites(rng)) for _ in range(100)]))
    most = truth - 0.002  # whatever is called a gap, more of it is wrong
    tries = 40
    now = before = 0
    for _ in range(tries):
        made = drawn_sites(rng)
        names = ["s"] * len(made.sites)
        clusters = (made.documents, made.requirements)
        now += fit_promise(made.predicted, made.present, names, clusters=clusters, wrong_gaps=most).gap_below > 0
        apart = [promise.cluster_draws([members]) for members in (made.sites, made.requirements)]
        before += any_that_passes(made.predicted, made.present, most, apart) > 0
    assert now / tries <= OFTEN
    assert before / tries > 2 * OFTEN


def test_a_promise_that_holds_with_room_is_made() -> None:
    rng = np.random.default_rng(11)
    predicted = rng.random(2000)
    present = (rng.random(2000) < 0.4 * predicted).astype(np.int8)
    fitted = fit_promise(predicted, present, ["s"] * 2000)
    assert 0.4 < fitted.gap_below < 0.6
    assert fitted.wrong_gaps < 0.15
    assert fitted.sentence.startswith("Gaps here are wrong at most 20% of the time (95 % confidence), measured on ")


def test_tests_end_at_the_first_threshold_that_fails() -> None:
    predicted = np.linspace(0.0, 1.0, 1000)
    present = np.zeros(1000, dtype=np.int8)
    present[110:200] = 1  # far above this stretch the share is small enough again
    present[900:] = 1
    assert any_that_passes(predicted, present, 0.20) > 0.8
    assert 0.1 <= fit_promise(predicted, present, ["s"] * 1000).gap_below < 0.2


def test_documents_of_drawn_sites_are_those_that_were_drawn(make_set, document, monkeypatch) -> None:
    names = [f"{letter}.txt" for letter in "abcdefghijklmnopqrst"]
    rows = [{"document": name, "requirement": "r1", "verdict": "gap"} for name in names]
    folder = make_set("copper-docs-dev", dict.fromkeys(names, "Text."), {"C1": {"r1": "Water."}}, rows)
    eval_set = load_set(folder)
    read: list[list[str]] = []

    class Empty:
        units = ()

    def prepared(documents: list) -> type[Empty]:
        read.append([one.name for one in documents])
        return Empty

    monkeypatch.setattr(dataset, "prepare_site", prepared)
    others = [document(f"other-{number}.txt", "Contract.") for number in range(9)]
    assert not list(dataset.subset_groups(eval_set, {name: document(name, "Text.") for name in names}, others))
    said = site_documents(eval_set, len(others))
    assert [list(one) for one in said.values()] == [[n for n in one if not n.startswith("other")] for one in read]
    assert list(said)[:2] == ["copper-docs-dev:0.0", "copper-docs-dev:0.1"]


def test_a_verdict_hangs_on_the_documents_that_hold_the_evidence(make_set, tmp_path) -> None:
    names = [f"{letter}.txt" for letter in "abcdefghijkl"]
    holder = next(name for name in names if fold(name) == 1)
    rows = [{"document": holder, "requirement": "r1", "verdict": "evidence", "quotes": ["Text."], "elements": [["r1"]]}]
    make_set("copper-docs-dev", dict.fromkeys(names, "Text."), {"C1": {"r1": "Water.", "r2": "Dust."}}, rows)
    site = next(
        name
        for name, held in site_documents(load_set(tmp_path / "copper-docs-dev"), 0).items()
        if name.startswith("copper-docs-dev:1.") and holder in held and len(held) > 1
    )
    every = site_documents(load_set(tmp_path / "copper-docs-dev"), 0)[site]

    def group(set_name: str, of_site: str, requirement: str) -> Group:
        none = np.zeros(0)
        return Group(
            set_name, of_site, requirement, "gap", none, none, none, none, none, none, [], "", none, []
        )  # fmt: skip

    asked = [
        group("copper-docs-dev:sites", site, "r1"),
        group("copper-docs-dev:sites", site, "r2"),
        group("aims-au", "x.txt", "r1"),
    ]
    assert behind(asked, tmp_path) == [(holder,), every, ("aims-au x.txt",)]
