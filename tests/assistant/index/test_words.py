import random

import bm25s
import numpy as np
import pytest

from assistant.index.words import BM25_B, BM25_K1, WordIndex, tokens


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The permits are reviewed every year.", "en", ["permit", "review", "everi", "year"]),
        ("尾矿库责任工程师", "zh", ["尾矿", "矿库", "库责", "责任", "任工", "工程", "程师"]),
        ("我们通过ISO14001认证，SO2减少", "zh", ["我们", "们通", "通过", "iso14001", "认证", "so2", "减少"]),
        ("SO2 limit of 1,200 mg", "en", ["so2", "limit", "1,200", "mg"]),
        ("A Non-Compete and a noncompete clause", "en", ["noncompet", "noncompet", "claus"]),
        ("", "en", []),
        ("the of and", "en", []),
    ],
)
def test_tokens(text: str, language: str, expected: list[str]) -> None:
    assert tokens(text, language) == expected


def test_inflections_of_a_language_meet() -> None:
    assert tokens("capacitaciones", "es") == tokens("capacitación", "es")
    assert tokens("Gefährdungsbeurteilungen", "de") == tokens("Gefährdungsbeurteilung", "de")


def test_scores_rank_the_text_with_the_words() -> None:
    index = WordIndex([tokens("water balance of the site"), tokens("permit register"), []])
    scores = index.scores(tokens("registers of permits"))
    assert scores.shape == (3,)
    assert int(np.argmax(scores)) == 1
    assert scores[2] == 0


def test_an_empty_index_and_an_unknown_word_give_zeros() -> None:
    assert WordIndex([[], []]).scores(["x"]).tolist() == [0.0, 0.0]
    assert WordIndex([["a"]]).scores(["zzz"]).tolist() == [0.0]


def test_scores_are_the_library_s_own_to_the_last_bit() -> None:
    chance = random.Random(3)
    texts = [[f"w{int(chance.paretovariate(0.8))}" for _ in range(chance.randrange(40))] for _ in range(300)]
    index = WordIndex(texts)
    library = bm25s.BM25(k1=BM25_K1, b=BM25_B)
    library.index(([[index.vocabulary[word] for word in text] for text in texts], dict(index.vocabulary)))
    for query in filter(None, texts):
        known = [index.vocabulary[word] for word in dict.fromkeys(query)]
        assert index.scores(query).tolist() == library.get_scores_from_ids(known).tolist()


def test_occurrences_say_which_word_stands_where() -> None:
    index = WordIndex([["dam", "water", "dam"], [], ["water"]])
    assert list(index.vocabulary) == ["dam", "water"]
    assert index.occurrences.toarray().tolist() == [[1, 1], [0, 0], [0, 1]]
    assert WordIndex([[]]).occurrences.shape == (1, 1)
