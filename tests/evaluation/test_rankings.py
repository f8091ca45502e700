import math

import numpy as np
import pytest

from evaluation.rankings import first_ranks, score_ranking


def flags(*rows: str) -> np.ndarray:
    return np.array([[char == "x" for char in row] for row in rows], dtype=bool)


def test_scores_of_a_ranking_of_quotes() -> None:
    # three gold quotes; the second item finds the first, the fourth finds the second, the third is never found
    scores = score_ranking(flags("...", "x..", "...", ".x.", "x.."), [1.0, 1.0, 1.0])
    ideal = sum(1 / math.log2(rank + 1) for rank in (1, 2, 3, 4))
    gained = sum(1 / math.log2(rank + 1) for rank in (2, 4, 5))
    assert scores == {
        "hit@1": 0.0,
        "hit@5": 1.0,
        "recall@5": pytest.approx(2 / 3),
        "recall@10": pytest.approx(2 / 3),
        "recall@20": pytest.approx(2 / 3),
        "map": pytest.approx((1 / 2 + 2 / 4 + 3 / 5) / 4),
        "ndcg@10": pytest.approx(gained / ideal),
    }


def test_pool_gives_the_number_of_relevant_passages() -> None:
    pool = flags("x", "x", ".", ".")
    assert score_ranking(flags("x", ".", "x"), [1.0], pool)["map"] == pytest.approx((1 + 2 / 3) / 2)
    assert score_ranking(flags("x", "."), [1.0], pool)["map"] == pytest.approx(1 / 2)
    assert score_ranking(flags("."), [1.0], flags(".", "."))["map"] == 0.0


def test_gain_is_the_highest_grade_found() -> None:
    scores = score_ranking(flags(".x", "x."), [3.0, 1.0])
    ideal = 3 + 1 / math.log2(3)
    assert scores["ndcg@10"] == pytest.approx((1 + 3 / math.log2(3)) / ideal)


def test_perfect_and_empty_rankings() -> None:
    assert set(score_ranking(flags("x.", ".x"), [1.0, 1.0]).values()) == {1.0}
    assert set(score_ranking(np.zeros((0, 2), dtype=bool), [1.0, 1.0]).values()) == {0.0}


def test_depth_of_recall() -> None:
    finds = np.zeros((20, 3), dtype=bool)
    finds[4, 0] = finds[9, 1] = finds[19, 2] = True
    scores = score_ranking(finds, [1.0] * 3)
    assert [scores[f"recall@{k}"] for k in (5, 10, 20)] == pytest.approx([1 / 3, 2 / 3, 1])
    assert first_ranks(finds).tolist() == [5, 10, 20]
