import numpy as np
import pytest

from assistant.judge.features import FEATURES
from assistant.judge.reread import NO_RIVAL, REREAD, REREAD_FEATURES, Rivalry, best_rows, reread_features, rivals


def test_the_best_candidates_are_read_again_best_first() -> None:
    assert best_rows(np.asarray([0.1, 2.0, -1.0, 2.0])).tolist() == [1, 3, 0, 2]
    assert len(best_rows(np.zeros(100))) == REREAD
    assert best_rows(np.zeros(5), 0).tolist() == []


def test_rivals_are_the_best_of_any_other_owner() -> None:
    looks = [
        ("1", np.asarray([0, 1, 2]), np.asarray([1.0, 2.0, 3.0])),
        ("1", np.asarray([1, 2]), np.asarray([5.0, 0.0])),
        ("2", np.asarray([2, 3]), np.asarray([4.0, 1.0])),
    ]
    found = [values.tolist() for values in rivals(looks)]
    # A sibling of the same owner is no rival; a unit that nobody else has has none.
    assert found == [[NO_RIVAL, NO_RIVAL, 4.0], [NO_RIVAL, 4.0], [3.0, NO_RIVAL]]
    assert rivals([], none=0.0) == []


def test_columns_have_their_names() -> None:
    values = np.tile(np.arange(len(FEATURES), dtype=np.float32), (4, 1))
    rows, margins = np.asarray([10, 11, 20, 30]), np.asarray([0.5, 2.0, 1.0, -1.0])
    top, cross = np.asarray([1, 2, 0]), np.asarray([0.2, 1.2, -0.5], dtype=np.float32)
    rival, sibling = np.asarray([0.0, 1.0, 2.0, 3.0]), np.asarray([0.5, 2.5, 2.0, 3.0])
    columns = reread_features(values, rows, margins, rival, sibling, top, cross)
    named = dict(zip(REREAD_FEATURES, columns.T.round(2).tolist(), strict=True))
    assert named["margin"] == [2.0, 1.0, 0.5]
    assert named["rival_lead"] == [1.0, -1.0, 0.5]
    assert named["sibling_lead"] == [-0.5, -1.0, 0.0]
    assert named["cross_rank"] == [1.0, 0.0, 2.0]
    assert named["cross_over"] == pytest.approx([-1.0, 1.0, -1.7])
    # Units 10 and 11 stand next to each other, 20 has no neighbour that was read.
    assert named["cross_near"] == pytest.approx([-0.5, -8.0, 0.2])
    assert named["length"] == [float(FEATURES.index("length"))] * 3


def test_a_look_that_comes_later_meets_the_same_rivals() -> None:
    looks = [("a", np.asarray([0, 2]), np.asarray([1.0, 5.0])), ("b", np.asarray([2, 3]), np.asarray([2.0, 4.0]))]
    rivalry = Rivalry.of(looks)
    assert rivalry.against("a", np.asarray([0, 2, 3, 9])).tolist() == [NO_RIVAL, 2.0, 4.0, NO_RIVAL]
    assert rivalry.against("c", np.asarray([2])).tolist() == [5.0]
