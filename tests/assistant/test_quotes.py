import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Evidence, EvidenceKind, letters_and_digits
from assistant.quotes import locate, locate_all, verify

PAGE = (
    "1. Tailings\nThe dam was in-\nspected on 3 May 2025; no seepage (0.0 l/s) was seen.\nLa presa fue inspeccionada."
)


def evidence(quote: str, start: int, end: int) -> Evidence:
    return Evidence(
        requirement_id="19.e", sha256="0" * 64, document="a.pdf", page=1, start=start, end=end, quote=quote,
        kind=EvidenceKind.RECORD, strength=0.9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("The dam was inspected on 3 May 2025", PAGE[12:49]),
        ("the DAM was inspected", "The dam was in-\nspected"),
        ("no seepage 00 l s was seen", "no seepage (0.0 l/s) was seen"),
        ("presa fue inspeccionada", "presa fue inspeccionada"),
    ],
)
def test_a_quote_is_located_on_letters_and_digits(quote: str, found: str) -> None:
    place = locate(quote, PAGE)
    assert place is not None
    assert PAGE[slice(*place)] == found


@pytest.mark.parametrize(
    "quote", ["The dam was inspected on 4 May 2025", "presa fue inspeccionado", "", " .;- ", "no dam"]
)
def test_one_letter_or_digit_off_is_not_a_quote(quote: str) -> None:
    assert locate(quote, PAGE) is None


def test_the_place_nearest_to_the_hint_is_taken() -> None:
    text = "Yes. No. Yes. No. Yes."
    assert locate_all("yes", text) == [(0, 3), (9, 12), (18, 21)]
    assert locate("Yes", text, near=15) == (18, 21)
    assert locate("Yes", text, near=8) == (9, 12)


def test_verification_needs_the_very_place() -> None:
    start, end = locate("no seepage", PAGE) or (0, 0)
    assert verify(evidence("no seepage", start, end), PAGE)
    assert not verify(evidence("no seepage", start + 1, end), PAGE)
    assert not verify(evidence("no leakage", start, end), PAGE)
    assert not verify(evidence("no seepage", start, len(PAGE) + 5), PAGE)


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_what_is_located_has_the_letters_of_the_quote(quote: str, before: str, after: str) -> None:
    # A blank keeps combining marks of the one text from joining the other.
    page = f"{before} {quote} {after}"
    for start, end in locate_all(quote, page):
        assert locate_all(quote, page[start:end]) == [(0, end - start)]
    if quote.isascii() and letters_and_digits(quote):
        assert locate_all(quote, page)


def test_a_quote_at_its_recorded_place_is_found_as_by_searching() -> None:
    page = "1. The dam (“East”) holds ½ of it.\n- The ﬁrst dam: inspected. - The ﬁrst dam: inspected."
    for start in range(len(page)):
        for end in range(start + 1, len(page) + 1):
            found, places = locate(page[start:end], page, start), locate_all(page[start:end], page)
            assert (found in places) if places else found is None
            if page[start].isalnum():
                assert found == min(places, key=lambda place: abs(place[0] - start))
