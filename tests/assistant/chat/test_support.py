from __future__ import annotations

import pytest

from assistant.chat.support import figures, supports
from assistant.index import open_embedder

USE = open_embedder("use-multilingual")
PASSAGE = (
    "The dam is 118 m high. Andes Geotecnia Ltda. was appointed Engineer of Record in January 2022. "
    "In 2025 three operators were trained and nobody was hurt. Water use fell by 1.5 % to 1,940 m3."
)


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("The dam is 118 m high.", "The dam is 118 m high."),
        ("Andes Geotecnia was appointed Engineer of Record in 2022.", "Andes Geotecnia Ltda."),
        ("Water use fell by 1.5 %.", "Water use fell by 1.5 % to 1,940 m3."),
    ],
)
def test_what_the_passage_says_is_borne_out_by_one_of_its_sentences(claim: str, where: str) -> None:
    found = supports(claim, PASSAGE, USE)
    assert found is not None
    assert PASSAGE[found.start : found.end].startswith(where)


@pytest.mark.parametrize(
    "claim",
    [
        "The dam is 181 m high.",
        "The dam is 118 m high and was raised in 2024.",
        "Water use fell by 15 %.",
        "Klohn Geotecnia was appointed Engineer of Record in 2022.",
        "Andes Geotecnia was appointed Engineer of Record in February 2022.",
        "In 2025 four operators were trained.",
        "Andes Geotecnia was not appointed Engineer of Record in 2022.",
        "The site pays every worker a living wage.",
        "The dam is safe and meets all requirements of the standard.",
        "",
    ],
)
def test_another_figure_name_or_meaning_is_not_borne_out(claim: str) -> None:
    assert supports(claim, PASSAGE, USE) is None


def test_figures_are_compared_in_one_form() -> None:
    assert figures("1,940 and 1.940 and 1.5 and 1,5") == {"1940", "1.5"}
    assert figures("three men in enero") == {"3", "month 1"}
    assert figures("No. 7.3 of 2025-11-22") >= {"7.3", "2025"}


def test_nothing_is_borne_out_by_nothing() -> None:
    assert supports("The dam is high.", " … ", USE) is None
