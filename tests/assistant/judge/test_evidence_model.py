from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.errors import ModelError
from assistant.judge.evidence_model import BACKGROUND, PRIOR_FEATURES, load_evidence_model, prior_row
from assistant.judge.extractive import ExtractiveJudge
from assistant.judge.features import FEATURES
from assistant.judge.promise import upper_bound
from assistant.judge.protocol import Opinion
from assistant.judge.reread import REREAD_FEATURES
from evaluation.training.fit import export
from evaluation.training.promise import Promise, fit_promise

LOW = float(np.log(BACKGROUND / (1 - BACKGROUND)))


def test_exported_trees_give_scikit_learns_answers() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(600, 5)).astype(np.float32)
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0.3).astype(int)
    model = HistGradientBoostingClassifier(max_iter=20, random_state=1).fit(rows, labels)
    np.testing.assert_allclose(export(model).margin(rows), model.decision_function(rows), atol=1e-4)


def test_the_shipped_model_loads_and_answers_with_probabilities() -> None:
    model = load_evidence_model()
    margins = model.trees.margin(np.zeros((3, len(FEATURES)), dtype=np.float32))
    top = np.asarray([2, 0])
    read_again = np.zeros((2, len(REREAD_FEATURES)), dtype=np.float32)
    for probabilities in (model.first_look(margins), model.second_look(margins, top, read_again)):
        assert probabilities.shape == (3,)
        assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert probabilities[0] == probabilities[2]
    assert 0 <= model.prior(probabilities, "abc".__getitem__, np.zeros((3, len(FEATURES)), dtype=np.float32)) <= 1
    assert 0 <= model.gap_below <= model.supported_from <= 1
    assert model.promise


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"x\.npz is missing; reinstall Assay"):
        load_evidence_model(tmp_path / "x.npz")


def test_the_requirement_row_has_a_column_a_name_even_without_candidates() -> None:
    assert prior_row(np.zeros(0, dtype=np.float32), [].__getitem__).shape == (len(PRIOR_FEATURES),)
    alone = prior_row(np.asarray([0.5], dtype=np.float32), ["a"].__getitem__)
    assert alone[0] == 0
    assert alone[1:] == pytest.approx([LOW, LOW, 0.8 * LOW, 0.9 * LOW])


def test_lines_of_a_form_count_once_for_a_requirement() -> None:
    form = [f"{who} phone number: redacted for privacy of the owner" for who in ("Admin", "Tech", "Billing")]
    probabilities = np.asarray([0.3, 0.3, 0.25, 0.02], dtype=np.float32)
    one = prior_row(probabilities[[0, 3]], [form[0], "The dam is inspected."].__getitem__)
    assert prior_row(probabilities, [*form, "The dam is inspected."].__getitem__).tolist() == one.tolist()
    others = ["Guards are trained.", "Wages are paid.", "Water is measured.", "The dam is inspected."]
    assert (prior_row(probabilities, others.__getitem__) > one)[1:].all()


@pytest.mark.parametrize("beside", [0, 20])
def test_a_line_that_is_pasted_a_hundred_times_counts_once(beside: int) -> None:
    model = load_evidence_model()
    said = [f"Remark {chr(97 + number)} on weather{number} and cattle{number}." for number in range(beside)]

    def prior(copies: int) -> float:
        probabilities = np.asarray([0.5] * copies + [0.01] * beside, dtype=np.float32)
        words = [*["Guards are trained every year."] * copies, *said]
        return model.prior(probabilities, words.__getitem__, np.zeros((len(words), len(FEATURES)), dtype=np.float32))

    assert prior(1) == prior(3) == prior(100) < model.gap_below


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    # Zero wrong of n: 1 - 0.05 ** (1 / n).
    assert upper_bound(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30))
    assert upper_bound(3, 3) == 1.0
    assert upper_bound(1, 50) > upper_bound(0, 50)


def test_the_promise_keeps_its_bound() -> None:
    rng = np.random.default_rng(2)
    present = (rng.random(2000) < 0.5).astype(np.int8)
    predicted = np.clip(np.where(present == 1, 0.75, 0.25) + rng.normal(0, 0.15, 2000), 0.001, 0.999)
    promise = fit_promise(predicted, present, ["s"] * 2000, wrong_gaps=0.10)
    called = predicted < promise.gap_below
    assert called.sum() > 500
    assert present[called].mean() <= 0.10
    assert promise.wrong_gaps <= 0.10
    assert int(promise.sentence.partition("at most ")[2].partition("%")[0]) >= 100 * promise.wrong_gaps
    assert promise.gap_below <= promise.supported_from


def test_without_signal_nothing_is_called_a_gap() -> None:
    present = np.tile(np.asarray([1, 1, 1, 0], dtype=np.int8), 100)
    promise = fit_promise(np.linspace(0.1, 0.9, 400), present, ["s"] * 400, wrong_gaps=0.10)
    assert promise.gap_below == 0.0
    assert promise.sentence.startswith("No gap is called here without a person")


def test_pairs_that_hang_together_widen_the_bound() -> None:
    rng = np.random.default_rng(3)
    site = np.repeat(np.arange(12), 100)
    predicted = np.where(rng.random(1200) < 0.8, 0.2, 0.8)
    hidden = rng.random(1200) < np.where(site % 3 == 0, 0.3, 0.05)  # a third of the sites hides evidence from the model
    present = (hidden | (predicted > 0.5)).astype(np.int8)

    def fitted(*clusters: NDArray[np.int64], wrong_gaps: float = 0.25) -> Promise:
        labels = [[str(number) for number in numbers] for numbers in clusters]
        return fit_promise(predicted, present, ["s"] * 1200, clusters=labels, wrong_gaps=wrong_gaps)

    alone, together = fitted(), fitted(site)
    assert (alone.gap_below, together.gap_below) == (0.8, 0.8)
    assert together.wrong_gaps > alone.wrong_gaps + 0.02
    assert fitted(np.arange(1200)).wrong_gaps == pytest.approx(alone.wrong_gaps, abs=0.01)
    assert (fitted(wrong_gaps=0.17).gap_below, fitted(site, wrong_gaps=0.17).gap_below) == (0.8, 0.0)


def test_supported_starts_where_few_enough_are_wrong() -> None:
    predicted = np.round(np.linspace(0.01, 0.99, 600), 3)
    present = (np.arange(600) % 10 < np.where(predicted > 0.6, 9, 2)).astype(np.int8)
    promise = fit_promise(predicted, present, ["s"] * 600)
    assert 0.5 < promise.supported_from < 0.62
    assert (present[predicted >= promise.supported_from] == 0).mean() <= 0.20
    assert fit_promise(predicted[-40:], present[-40:], ["s"] * 40).supported_from == 1.0  # too few to say


def test_weak_words_of_other_documents_do_not_make_support(kit: Any) -> None:
    model = load_evidence_model()
    judge = ExtractiveJudge(model)
    high, low = model.supported_from + 0.05, model.gap_below - 0.05
    cases = [kit.make_case(prior=high), kit.make_case(prior=high, carried=low), kit.make_case(prior=low, carried=low)]
    opinions = [judgement.opinion for judgement in judge.judge(cases)]
    assert opinions == [Opinion.SUPPORTED, Opinion.UNSURE, Opinion.ABSENT]
