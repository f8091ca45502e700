import numpy as np
import pytest

from assistant.index.words import WordIndex, tokens


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
