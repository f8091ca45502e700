"""Tables of contents are seen by their form, and text and tables of figures are not taken for them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from assistant.judge.contents import Contents, contents_ranges, in_contents
from assistant.retrieve import PassageRef
from assistant.retrieve.prepared import Unit

LEADERS = "Contents\n\n1 Purpose and scope . . . . . . . . 3\n2 Tailings . . . . . . . . 3\n3 Closure . . . . . . 4"
NUMBERS = """Chapter Page
Human rights 31
Forced labour and modern slavery statement 36
Child labour 41
Employee grievance mechanism 46
Biodiversity: no net loss 118
Assurance statement 162"""
RUN_IN = (
    "Sustainability Report 2018\nContents: Letter from the CEO 4; At a glance 6; Water management 55; Biodiversity 62."
)


@pytest.mark.parametrize(
    "text",
    [
        LEADERS,
        NUMBERS,
        "Contents\nGender equality 4\nPay 9\nCultural heritage 17",
        "Índice: Política de seguridad; Jornada de trabajo; Control de asistencia; Sanciones y multas",
        "Spis treści\n1 Odpady ........ 2\n2 Woda ........ 5",
        "Inhalt\nMenschenrechte 12\nLieferkette 18\nEntlohnung 25",
        "Sommaire\nEau 4\nDéchets 9\nFermeture 12",
        "目录\n第一章 总则……1\n第二章 供应链尽责管理……4\n第三章 附则……9",
        "Daftar Isi\nAir 3\nLimbah 7\nPenutupan tambang 12",
        "8 Conflicts of interest p.7; 9 Records p.8; 10 Confidentiality p.9; 11 Data privacy p.9; 12 Gifts p.10",
    ],
)
def test_tables_of_contents_in_many_languages(text: str) -> None:
    assert in_contents(text, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "In 2025 the dam was inspected four times. All findings were closed by November. The next visit is in May.",
        # A table of figures: two numbers at the end, or one that falls.
        "Air 2023 2024\nSulphur dioxide (t) 9,870 9,120\nArsenic (t) 13 11",
        "Spills by area\nMine 12\nConcentrator 4\nSmelter 9\nPort 1\nRoad 7",
        # Ranks count the lines; they are no pages.
        "Aspect and rank\nArsenic from the roof 1\nWater from the river 2\nSeepage 3\nRoad dust 4\nAcid 5\nRock 6",
        "Name: ______________________\nTitle: ______________________\nDate: ______________________",
        "The contents of each spill kit are checked every month and what was used is replaced within a day.",
        "",
    ],
)
def test_text_and_tables_of_figures_are_none(text: str) -> None:
    assert not in_contents(text, 0, len(text))
    assert contents_ranges(text) == ()


def test_a_title_above_the_contents_stays_evidence() -> None:
    title = RUN_IN.index("\n")
    assert not in_contents(RUN_IN, 0, title)
    assert in_contents(RUN_IN, RUN_IN.index("Water"), RUN_IN.index(" 55"))


def test_text_below_the_contents_stays_evidence() -> None:
    text = f"{LEADERS}\n\nThe facility was inspected by the engineer of record on 4 March 2026, without findings."
    assert in_contents(text, text.index("2 Tailings"), text.index("3 Closure"))
    assert not in_contents(text, text.index("The facility"), len(text))


def test_units_of_a_site_are_told_by_their_place_on_the_page() -> None:
    before = "Cover page.\n\n"
    passage = PassageRef("a" * 64, "a.pdf", 1, len(before), len(before) + len(RUN_IN), RUN_IN)
    spans = [(0, RUN_IN.index("\n")), (RUN_IN.index("At a glance"), len(RUN_IN))]
    units = [Unit(0, 0, 1, len(before) + a, len(before) + b, RUN_IN[a:b], "en") for a, b in spans]
    prepared = SimpleNamespace(passages=(passage,), units=tuple(units))
    contents = Contents(prepared)  # type: ignore[arg-type]
    assert contents.holds(np.asarray([1])).tolist() == [True]
    assert contents.holds(np.asarray([0, 1])).tolist() == [False, True]
