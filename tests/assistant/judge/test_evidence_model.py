from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.errors import ModelError
from assistant.judge.evidence_model import PRIOR_FEATURES, load_evidence_model, prior_row
from assistant.judge.features import FEATURES
from assistant.judge.promise import upper_bound
from assistant.judge.reread import REREAD_FEATURES
from evaluation.training.fit import export
from evaluation.training.promise import fit_promise


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
    assert 0 <= model.prior(probabilities) <= 1
    assert 0 <= model.gap_below <= model.supported_from <= 1
    assert model.promise


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"x\.npz is missing; reinstall Assay"):
        load_evidence_model(tmp_path / "x.npz")


def test_the_requirement_row_has_a_column_a_name_even_without_candidates() -> None:
    assert prior_row(np.zeros(0, dtype=np.float32)).shape == (len(PRIOR_FEATURES),)
    assert prior_row(np.asarray([0.5], dtype=np.float32)).tolist() == [0.0] * len(PRIOR_FEATURES)


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
    assert promise.gap_below <= promise.supported_from


def test_without_signal_nothing_is_called_a_gap() -> None:
    present = np.tile(np.asarray([1, 1, 1, 0], dtype=np.int8), 100)
    promise = fit_promise(np.linspace(0.1, 0.9, 400), present, ["s"] * 400, wrong_gaps=0.10)
    assert promise.gap_below == 0.0
