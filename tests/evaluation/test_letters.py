import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import letters_and_digits
from evaluation.letters import DocumentLetters, GoldQuote, find_matrix, letter_stream, letters_of
from ingestion.models import Page


@pytest.mark.parametrize("text", ["Ore - and\n water, 4.2!", "cafe\u0301 2 a\u0301b", "x\u0308", "ﬁne 铜 ー½", ""])
def test_letters_with_and_without_places_are_those_that_quotes_are_compared_on(text: str) -> None:
    stream, before = letter_stream(text)
    assert stream == letters_of(text) == letters_and_digits(text)
    assert (len(before), before[0], before[-1]) == (len(text) + 1, 0, len(stream))


@given(st.text())
def test_stream_is_what_quotes_are_compared_on(text: str) -> None:
    stream, before = letter_stream(text)
    assert stream == letters_and_digits(text)
    assert len(before) == len(text) + 1
    assert (before[0], before[-1]) == (0, len(stream))
    assert (np.diff(before) >= 0).all()


@pytest.mark.parametrize("text", ["Größe ﬁne", "e\u0301tude", "铜矿 2024年", "ｶﾞｲﾄﾞ", "\u1112\u1161\u11ab", "İstanbul"])
def test_stream_composes_across_characters(text: str) -> None:
    assert letter_stream(text)[0] == letters_and_digits(text)


def pages(*texts: str) -> DocumentLetters:
    return DocumentLetters([Page(number=number, text=text) for number, text in enumerate(texts, 1)])


def test_span_maps_offsets_of_any_page() -> None:
    letters = pages("Ore, and\nwater.", "Two – ﬁne.")
    assert letters.stream == "oreandwatertwofine"
    assert letters.span(1, 5, 8) == (3, 6)
    assert letters.span(2, 6, 9) == (14, 18)
    assert letters.span(3, 0, 5) == (0, 0)
    assert letters.span(2, 0, 999) == (11, 18)


def test_half_of_the_letters_finds_and_less_does_not() -> None:
    letters = pages("x abcdefghij y")
    gold = GoldQuote("abcdefghij", letters)
    spans = np.array([letters.span(1, 2, 7), letters.span(1, 2, 6), letters.span(1, 0, 7), letters.span(1, 7, 14)])
    assert gold.found_by(spans).tolist() == [True, False, True, True]


def test_any_occurrence_counts() -> None:
    letters = pages("permit valid. Other words here. Permit, valid!")
    gold = GoldQuote("permit valid", letters)
    first, second, middle = letters.span(1, 0, 12), letters.span(1, 32, 46), letters.span(1, 14, 31)
    assert find_matrix([first, second, middle], [gold]).tolist() == [[True], [True], [False]]


def test_quote_across_a_page_break_is_located() -> None:
    letters = pages("The dam is", "inspected weekly")
    gold = GoldQuote("dam is inspected", letters)
    assert gold.located
    assert gold.found_by(np.array([letters.span(2, 0, 9)])).tolist() == [True]
    assert gold.found_by(np.array([letters.span(1, 0, 10)])).tolist() == [False]


def test_quote_broken_by_a_running_head_is_found_in_pieces() -> None:
    first = "the tailings facility is inspected every week by the responsible engineer"
    second = "who keeps a signed record of each inspection in the site register"
    letters = pages(f"{first}\nANNUAL REPORT 17\n{second}")
    gold = GoldQuote(f"{first} {second}", letters)
    assert not gold.located
    assert gold.found_by(np.array([letters.span(1, 0, len(first)), letters.span(1, 0, 20)])).tolist() == [True, False]


def test_quote_that_stands_nowhere_is_never_found() -> None:
    letters = pages("quite other words")
    assert GoldQuote("nothing like that at all here", letters).found_by(np.array([[0, 15]])).tolist() == [False]
    assert find_matrix([], [GoldQuote("x", letters)]).shape == (0, 1)
