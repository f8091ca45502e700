"""Where sentences and list items begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import sentences


def split(text: str, language: str = "") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First one. Second one.", ["First one.", "Second one."]),
        ("See Art. 5 and No. 12 here. Next.", ["See Art. 5 and No. 12 here.", "Next."]),
        ("Dust fell by approx. 3.5 t, e.g. in May. Good.", ["Dust fell by approx. 3.5 t, e.g. in May.", "Good."]),
        ("Sr. Soto signed for Minera X S.A. in Lima. Done.", ["Sr. Soto signed for Minera X S.A. in Lima.", "Done."]),
        ("Foo Inc. and Bar Ltd. agreed. The text ends.", ["Foo Inc. and Bar Ltd. agreed.", "The text ends."]),
        ("It was sold to Foo Inc. The buyer paid.", ["It was sold to Foo Inc.", "The buyer paid."]),
        ("Is it safe? Yes! We checked.", ["Is it safe?", "Yes!", "We checked."]),
        ("¿Está al día? Sí. Se revisó.", ["¿Está al día?", "Sí.", "Se revisó."]),
        ("安全第一。我们做到！好吗？是的；完", ["安全第一。", "我们做到！", "好吗？", "是的；", "完"]),
        ("J. Smith of the U.S. Geological Survey came.", ["J. Smith of the U.S. Geological Survey came."]),
        ("Emissions fell by 2019. We go on.", ["Emissions fell by 2019.", "We go on."]),
        ("A fund was given.Quality and service won.", ["A fund was given.", "Quality and service won."]),
        ("It fell in 2020.The plan (GHG).A new one.", ["It fell in 2020.", "The plan (GHG).", "A new one."]),
        ("We met our targets.12 We go on.", ["We met our targets.12", "We go on."]),
        ("Ask Ana.Soto@mine.org for Policy.Final.pdf.", ["Ask Ana.Soto@mine.org for Policy.Final.pdf."]),
        ("See www.Mine.com, ask Prof.Smith at 14.30 on p.3.", ["See www.Mine.com, ask Prof.Smith at 14.30 on p.3."]),
        ("It cost 2,997.50 Canadian dollars.", ["It cost 2,997.50 Canadian dollars."]),
        ("He asked \u201cProf.Smith\u201d for it.", ["He asked \u201cProf.Smith\u201d for it."]),
        ("Node.js and ISO14001.2015 are names.", ["Node.js and ISO14001.2015 are names."]),
    ],
)
def test_within_a_line(text: str, expected: list[str]):
    assert split(text) == expected


def test_german_ordinals_do_not_end_a_sentence():
    text = "Der Bericht vom 3. März liegt vor. Die Prüfung folgt."
    assert split(text, "de") == ["Der Bericht vom 3. März liegt vor.", "Die Prüfung folgt."]


def test_a_wrapped_line_does_not_split():
    text = (
        "The company maintains a register of all permits that it holds in the\n"
        "Republic of Chile and reviews it\n"
        "once a year."
    )
    assert split(text) == [text]


def test_a_blank_line_splits():
    assert split("One thing without a stop\n\nAnother thing") == ["One thing without a stop", "Another thing"]


def test_headings_and_list_items_stand_alone():
    text = (
        "1.2 Tailings management\n"
        "The site will:\n"
        "• inspect every dam each week and after every heavy rain that the station\nmeasures;\n"
        "• report at once; and\n"
        "(c) keep records.\n"
        "1.2.3 Review\n"
        "It is reviewed."
    )
    assert split(text) == [
        "1.2 Tailings management",
        "The site will:",
        "• inspect every dam each week and after every heavy rain that the station\nmeasures;",
        "• report at once; and",
        "(c) keep records.",
        "1.2.3 Review",
        "It is reviewed.",
    ]


def test_items_that_end_in_a_semicolon_stand_alone_on_their_lines():
    text = "Everyone has to\nwear helmets;\nwear boots;\nreport faults."
    assert split(text)[-2:] == ["wear boots;", "report faults."]


def test_a_short_line_over_a_paragraph_is_its_own():
    text = (
        "Water stewardship\n"
        "The operation measures the water that it takes from each source every day of the year and\n"
        "publishes the figures."
    )
    assert split(text)[0] == "Water stewardship"


def test_a_long_enumeration_in_one_line_is_split_at_its_items():
    text = "The holder shall (a) " + "keep the river clean, " * 10 + "; (b) " + "measure the dust; " * 3 + "(c) report."
    assert len(split(text)) > 2


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aB1.。;:•-(\n )\u00e9", max_size=300))
def test_ranges_are_ordered_trimmed_and_cover_all_words(text: str):
    ranges = sentences(text)
    position = 0
    for start, end in ranges:
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not any(char.isalnum() for char in text[position:start])
        position = end
    assert not any(char.isalnum() for char in text[position:])
