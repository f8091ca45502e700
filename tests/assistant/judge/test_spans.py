import numpy as np

from assistant.judge.spans import build_spans
from assistant.retrieve.prepared import MAX_QUOTE
from tests.assistant.retrieve.fakes import pages, prepared


def spans(texts: list[str], probabilities: list[float], depth: int = 10) -> list[tuple[int, int, float]]:
    ready = prepared(pages(*texts))
    rows = np.arange(len(ready.units))
    found = build_spans(ready, rows, np.asarray(probabilities, dtype=np.float32), depth)
    return [(span.first, span.last, round(span.strength, 2)) for span in found]


def test_neighbours_that_are_probable_too_join_the_best_sentence() -> None:
    text = ["The dam is old. It was inspected. Lunch is at noon."]
    assert spans(text, [0.6, 0.9, 0.1]) == [(0, 1, 0.9), (2, 2, 0.1)]
    assert spans(text, [0.6, 0.9, 0.5]) == [(0, 2, 0.9)]


def test_quotes_never_cross_passages_or_overlap() -> None:
    assert spans(["Dam one.", "Dam two."], [0.9, 0.8]) == [(0, 0, 0.9), (1, 1, 0.8)]


def test_a_quote_stays_within_its_length() -> None:
    long = "The dam was inspected " + "again and " * 30 + "again."
    ready = prepared(pages(" ".join([long] * 4)))
    found = build_spans(ready, np.arange(4), np.full(4, 0.9, dtype=np.float32), 10)
    for span in found:
        assert ready.units[span.last].end - ready.units[span.first].start <= MAX_QUOTE
    assert sorted(i for span in found for i in range(span.first, span.last + 1)) == [0, 1, 2, 3]


def test_only_as_many_as_asked() -> None:
    assert spans(["The dam is old. It was inspected. Lunch is at noon."], [0.1, 0.3, 0.2], depth=2) == [
        (1, 2, 0.3),
        (0, 0, 0.1),
    ]


def test_a_sentence_cut_at_its_items_is_quoted_whole() -> None:
    text = "It was inspected. The operator shall: (i) inspect the dam; (ii) report to the board; and keep the records."
    ready = prepared(pages(text))
    texts = [unit.text for unit in ready.units]
    probabilities = np.asarray([0.9 if "report" in text else 0.001 for text in texts], dtype=np.float32)
    [best, *_] = build_spans(ready, np.arange(len(texts)), probabilities, 10)
    quote = ready.documents[0].pages[0].text[ready.units[best.first].start : ready.units[best.last].end]
    assert quote == text.partition(". ")[2]


def test_stop_words_alone_open_no_quote() -> None:
    ready = prepared(pages("The dam was inspected. And. It holds."))
    assert [unit.text for unit in ready.units] == ["The dam was inspected.", "And.", "It holds."]
    found = build_spans(ready, np.arange(3), np.asarray([0.01, 0.9, 0.01], dtype=np.float32), 10)
    assert all(ready.units[span.best].text != "And." for span in found)


def test_no_sentence_is_made_whole_across_a_paragraph() -> None:
    ready = prepared(pages("The operator shall\n\n(i) inspect the dam;\n\n(ii) report to the board."))
    texts = [unit.text for unit in ready.units]
    assert len(texts) == 3
    found = build_spans(ready, np.arange(3), np.asarray([0.001, 0.9, 0.001], dtype=np.float32), 10)
    assert (found[0].first, found[0].last) == (1, 1)
