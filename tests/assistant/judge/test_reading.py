"""What the cross-encoder reads of a unit: its place before its words, and no name of a file."""

from __future__ import annotations

import pytest

from assistant.judge.reading import PLACE_LENGTH, as_read, placed
from ingestion.models import DocumentRead, Fact, FactName
from tests.assistant.judge.builders import document
from tests.assistant.retrieve.fakes import prepared

TEXT = "Complaints may be made by telephone or in the box at the gate, and are answered within ten days."


@pytest.mark.parametrize(
    ("title", "heading", "read"),
    [
        ("Community Grievance Procedure", "3. Channels", f"Community Grievance Procedure, 3. Channels: {TEXT}"),
        ("Community Grievance Procedure", "", f"Community Grievance Procedure: {TEXT}"),
        ("", "Channels:", f"Channels: {TEXT}"),
        ("Complaints", "complaints", TEXT),
        ("Channels", "CHANNELS", f"Channels: {TEXT}"),
        ("", "", TEXT),
    ],
)
def test_the_place_stands_before_the_words(title: str, heading: str, read: str) -> None:
    assert placed(title, heading, TEXT) == read


def test_a_long_title_is_cut_between_words() -> None:
    place = placed("Procedure for the handling of complaints of people " * 4, "", TEXT).removesuffix(f": {TEXT}")
    assert len(place) <= PLACE_LENGTH
    assert place.endswith(("Procedure", "for", "the", "handling", "of", "complaints", "people"))


def with_heading(read: DocumentRead, *headings: str) -> DocumentRead:
    passages = tuple(passage.model_copy(update={"heading": headings}) for passage in read.passages)
    return read.model_copy(update={"passages": passages})


def test_title_and_nearest_heading_of_a_unit_are_read() -> None:
    read = with_heading(document(TEXT, facts={FactName.TITLE: "Grievances"}), "Part I", "Channels")
    assert as_read(prepared(read), 0) == f"Grievances, Channels: {TEXT}"


def test_a_persons_correction_of_the_title_is_read() -> None:
    read = document(TEXT, facts={FactName.TITLE: "Page 1 of 9"})
    corrected = Fact(name=FactName.TITLE, value="Grievances", origin="person")
    read = read.model_copy(update={"facts": (*read.facts, corrected)})
    assert as_read(prepared(read), 0) == f"Grievances: {TEXT}"


def test_the_name_of_a_file_is_no_title() -> None:
    guessed = (Fact(name=FactName.TITLE, value="en-8d4e1a4f", origin="filename", confidence=0.3),)
    assert as_read(prepared(document(TEXT).model_copy(update={"facts": guessed})), 0) == TEXT
