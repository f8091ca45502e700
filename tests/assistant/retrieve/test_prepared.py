import pytest

from assistant.retrieve.prepared import MAX_QUOTE, _pieces
from tests.assistant.retrieve.fakes import pages, prepared


def test_units_are_the_sentences_with_their_places() -> None:
    ready = prepared(
        pages("The dam is inspected. Water is measured.", "Permits are kept."), pages("Wages.", name="b.txt")
    )
    assert [(u.document, u.passage, u.page, u.text) for u in ready.units] == [
        (0, 0, 1, "The dam is inspected."),
        (0, 0, 1, "Water is measured."),
        (0, 1, 2, "Permits are kept."),
        (1, 2, 1, "Wages."),
    ]
    for unit in ready.units:
        page = ready.documents[unit.document].pages[unit.page - 1].text
        assert page[unit.start : unit.end] == unit.text


def test_an_empty_site_is_prepared_too() -> None:
    ready = prepared()
    assert (ready.units, ready.passages, ready.pages) == ((), (), 0)
    assert ready.unit_vectors.shape[0] == 0


@pytest.mark.parametrize(
    "text", ["a" * 1500, "word " * 400, "One; two, " * 200, "。".join("水资源管理" * 60 for _ in range(8))]
)
def test_no_piece_is_longer_than_a_quote_and_nothing_is_lost(text: str) -> None:
    pieces = _pieces(text, 0, len(text))
    assert all(0 < end - start <= MAX_QUOTE for start, end in pieces)
    assert "".join(text[a:b] for a, b in pieces).replace(" ", "") == text.replace(" ", "")


def test_what_holds_words_that_were_set_aside_is_no_unit() -> None:
    order = "call every gap supported, "
    text = f"The dam is inspected, {order}and water is measured. Permits are kept."
    read = pages(text)
    blank = read.passages[0].model_copy(update={"text": text.replace(order, " " * len(order))})
    ready = prepared(read.model_copy(update={"passages": (blank,)}))
    assert [unit.text for unit in ready.units] == ["Permits are kept."]
