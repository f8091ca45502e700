import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

from evaluation.metrics import Resampler, figure, reliability

UNITS = [f"d{index % 7}" for index in range(200)]
CHANCE = np.random.default_rng(5)
ACTUAL = CHANCE.random(200) < 0.3
CALLED = np.where(CHANCE.random(200) < 0.8, ACTUAL, ~ACTUAL)
SCORES = np.round(ACTUAL * 0.3 + CHANCE.random(200), 1)  # rounded: ties
CLASSES = CHANCE.choice(["policy", "record", "plan"], 200).tolist()
GUESSES = [c if CHANCE.random() < 0.6 else "record" for c in CLASSES]


def resample(position: int) -> np.ndarray:
    """The rows of one bootstrap sample, repeated as often as they were drawn: the slow way."""
    weights = Resampler(UNITS)._weights[position]
    names = sorted(set(UNITS))
    return np.repeat(np.arange(200), [int(weights[names.index(unit)]) for unit in UNITS])


@pytest.mark.parametrize("position", [0, 1, 500])
def test_all_metrics_equal_those_of_scikit_learn_in_every_resample(position: int) -> None:
    rows = resample(position)
    sample = Resampler(UNITS)
    binary = {name: values[position] for name, values in sample.binary(ACTUAL, CALLED).items()}
    assert binary == {
        "precision": pytest.approx(precision_score(ACTUAL[rows], CALLED[rows])),
        "recall": pytest.approx(recall_score(ACTUAL[rows], CALLED[rows])),
        "f1": pytest.approx(f1_score(ACTUAL[rows], CALLED[rows])),
        "balanced_accuracy": pytest.approx(balanced_accuracy_score(ACTUAL[rows], CALLED[rows])),
    }
    assert sample.auroc(ACTUAL, SCORES)[position] == pytest.approx(roc_auc_score(ACTUAL[rows], SCORES[rows]))
    wanted = f1_score(np.array(CLASSES)[rows], np.array(GUESSES)[rows], average="macro")
    assert sample.macro_f1(CLASSES, GUESSES)[position] == pytest.approx(wanted)
    assert sample.mean(SCORES)[position] == pytest.approx(SCORES[rows].mean())


def test_interval_covers_units_and_is_repeatable() -> None:
    values = [float(int(unit[1]) > 2) for unit in UNITS]
    first, second = figure(Resampler(UNITS).mean(values)), figure(Resampler(UNITS).mean(values))
    assert first == second
    assert first["low"] < first["value"] < first["high"]
    assert (first["low"], first["high"]) == (pytest.approx(0.14, abs=0.08), pytest.approx(0.86, abs=0.15))


def test_undefined_is_null_not_zero() -> None:
    nothing = Resampler(["a", "b"]).binary([False, False], [True, False])
    assert figure(nothing["recall"]) == {"value": None, "low": None, "high": None}
    assert figure(nothing["precision"])["value"] is None
    assert figure(Resampler([]).mean([])) == {"value": None, "low": None, "high": None}
    assert figure(Resampler([]).auroc([], []))["value"] is None
    assert figure(Resampler([]).macro_f1([], []))["value"] is None
    assert figure(Resampler([]).calibration_error([], []))["value"] is None


def test_one_row_has_no_interval_and_one_document_resamples_its_rows() -> None:
    assert figure(Resampler(["a"]).mean([0.5])) == {"value": 0.5, "low": None, "high": None}
    interval = figure(Resampler(["a"] * 30).mean([1.0, 0.0] * 15))
    assert interval["low"] < 0.5 < interval["high"]


def test_mean_leaves_out_unknown_values() -> None:
    assert Resampler(["a", "b", "c"]).mean([1.0, np.nan, 0.0])[0] == 0.5


def test_calibration_error_and_reliability() -> None:
    strengths, right = [0.95, 0.95, 0.15, 0.15], [True, False, False, False]
    assert Resampler(list("abcd")).calibration_error(strengths, right)[0] == pytest.approx((0.45 * 2 + 0.15 * 2) / 4)
    assert reliability(strengths, right) == [
        {"from": 0.1, "to": 0.2, "count": 2, "strength": 0.15, "observed": 0.0},
        {"from": 0.9, "to": 1.0, "count": 2, "strength": 0.95, "observed": 0.5},
    ]
    assert reliability([1.0, 0.0], [True, False])[-1]["to"] == 1.0
