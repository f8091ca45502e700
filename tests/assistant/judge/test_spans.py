import numpy as np

from assistant.judge.spans import CONTEXT, build_spans
from assistant.retrieve.prepared import MAX_QUOTE
from tests.assistant.retrieve.fakes import pages, prepared


def spans(texts: list[str], probabilities: list[float], depth: int = 10) -> list[tuple[int, int, float]]:
    ready = prepared(pages(*texts))
    rows = np.arange(len(ready.units))
    found = build_spans(ready, rows, np.asarray(probabilities, dtype=np.float32), depth, own=0.3)
    return [(span.judged_first, span.judged_last, round(span.strength, 2)) for span in found]


def quotes(*texts: str, probabilities: list[float], taken: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    """Of each quote its words and the judged ones among them, best first."""
    ready = prepared(pages(*texts))
    rows = np.arange(len(ready.units))
    found = build_spans(ready, rows, np.asarray(probabilities, dtype=np.float32), 10, own=0.3, taken=taken)

    def words(first: int, last: int) -> str:
        one, other = ready.units[first], ready.units[last]
        return ready.documents[0].pages[one.page - 1].text[one.start : other.end]

    return [(words(span.first, span.last), words(span.judged_first, span.judged_last)) for span in found]


def test_neighbours_that_are_probable_too_join_the_best_sentence() -> None:
    text = ["The dam is old. It was inspected. Lunch is at noon."]
    assert spans(text, [0.6, 0.9, 0.1]) == [(0, 1, 0.9)]
    assert spans(text, [0.6, 0.9, 0.5]) == [(0, 2, 0.9)]


def test_a_probable_neighbour_of_another_paragraph_joins_only_what_goes_on() -> None:
    assert spans(["It was inspected.\n\nIt was repaired."], [0.9, 0.8]) == [(0, 0, 0.9), (1, 1, 0.8)]
    assert spans(["It was inspected.\nIt was repaired."], [0.9, 0.8]) == [(0, 1, 0.9)]
    # A page break inside a sentence leaves a blank line; a heading goes with what it heads.
    assert spans(["Inspections of the dam\n\nThey are made in May."], [0.9, 0.8]) == [(0, 1, 0.9)]


def test_quotes_never_cross_passages_or_overlap() -> None:
    assert spans(["Dam one.", "Dam two."], [0.9, 0.8]) == [(0, 0, 0.9), (1, 1, 0.8)]


def test_a_quote_stays_within_its_length() -> None:
    long = "The dam was inspected " + "again and " * 30 + "again."
    ready = prepared(pages(" ".join([long] * 4)))
    found = build_spans(ready, np.arange(4), np.full(4, 0.9, dtype=np.float32), 10, own=0.3)
    for span in found:
        assert ready.units[span.last].end - ready.units[span.first].start <= MAX_QUOTE
    assert sorted(i for span in found for i in range(span.first, span.last + 1)) == [0, 1, 2, 3]


def test_only_as_many_as_asked() -> None:
    assert len(spans(["The dam is old.", "It was inspected.", "Lunch is at noon."], [0.1, 0.3, 0.2])) == 3
    assert spans(["The dam is old.", "It was inspected.", "Lunch is at noon."], [0.1, 0.3, 0.2], depth=2) == [
        (1, 1, 0.3),
        (2, 2, 0.2),
    ]


def test_a_sentence_cut_at_its_items_is_quoted_whole() -> None:
    text = "It was inspected. The operator shall: (i) inspect the dam; (ii) report to the board; and keep the records."
    ready = prepared(pages(text))
    texts = [unit.text for unit in ready.units]
    [(quote, judged), *_] = quotes(text, probabilities=[0.9 if "report" in text else 0.001 for text in texts])
    assert judged == text.partition(". ")[2]
    assert quote == text


def test_stop_words_alone_open_no_quote() -> None:
    ready = prepared(pages("The dam was inspected. And. It holds."))
    assert [unit.text for unit in ready.units] == ["The dam was inspected.", "And.", "It holds."]
    found = build_spans(ready, np.arange(3), np.asarray([0.01, 0.9, 0.01], dtype=np.float32), 10, own=0.3)
    assert all(ready.units[span.best].text != "And." for span in found)


def test_no_sentence_is_made_whole_across_a_paragraph() -> None:
    ready = prepared(pages("The operator shall\n\n(i) inspect the dam;\n\n(ii) report to the board."))
    texts = [unit.text for unit in ready.units]
    assert len(texts) == 3
    found = build_spans(ready, np.arange(3), np.asarray([0.001, 0.9, 0.001], dtype=np.float32), 10, own=0.3)
    assert (found[0].first, found[0].last) == (1, 1)


LONG = "The dam was inspected by the engineer of record, who walked the crest and read every piezometer in the report."
OTHER = LONG.replace("inspected", "visited").replace("engineer", "inspector")


def test_a_short_quote_is_given_with_the_sentences_around_it() -> None:
    text = "The dam is old. It was inspected. Lunch is at noon."
    assert quotes(text, probabilities=[0.1, 0.9, 0.1]) == [(text, "It was inspected.")]


def test_context_ends_with_the_paragraph_and_when_there_is_enough_of_it() -> None:
    first, second = "The dam is old. It was inspected.", "Lunch is at noon."
    assert quotes(f"{first}\n\n{second}", probabilities=[0.1, 0.9, 0.2])[0] == (first, "It was inspected.")
    many = " ".join([OTHER, LONG, OTHER, OTHER, OTHER])
    [(quote, judged), *_] = quotes(many, probabilities=[0.01, 0.9, 0.01, 0.01, 0.01])
    assert judged == LONG
    assert quote == " ".join([OTHER, LONG, OTHER])
    assert CONTEXT <= len(quote) <= MAX_QUOTE


def test_what_could_close_a_requirement_itself_is_nobodys_context() -> None:
    text = "The dam is old. It was inspected. Lunch is at noon."
    assert quotes(text, probabilities=[0.05, 0.9, 0.4]) == [
        ("The dam is old. It was inspected.", "It was inspected."),
        ("Lunch is at noon.", "Lunch is at noon."),
    ]


def test_a_row_of_a_table_is_nobodys_context_and_has_none() -> None:
    text = "N°: 3 | Air: sulphur. N°: 4 | Water: outlet. The outlet is sampled."
    rows = text.replace(". ", ".\n")
    for probabilities in ([0.1, 0.9, 0.1], [0.1, 0.1, 0.9]):
        quote, judged = quotes(rows, probabilities=probabilities)[0]
        assert quote == judged


def test_what_is_taken_joins_no_quote() -> None:
    text = "The dam is old. It was inspected. Lunch is at noon."
    assert quotes(text, probabilities=[0.05, 0.9, 0.1], taken=(2,)) == [
        ("The dam is old. It was inspected.", "It was inspected.")
    ]


def test_context_does_not_hang_on_probabilities() -> None:
    text = "The dam is old. It was inspected. Lunch is at noon."
    assert len({tuple(quotes(text, probabilities=[a, 0.9, b])) for a in (0.0, 0.14) for b in (0.01, 0.13)}) == 1
