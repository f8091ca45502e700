"""Breaches that outside parties report are contradictions; recorded negatives, rules and own reports are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from assistant.judge.contradiction import (
    REPORTED,
    Accusation,
    accusations,
    accuses,
    admits,
    outside_party,
    recorded_negative,
    stance,
)
from assistant.models import Requirement, Stance
from ingestion.models import DocumentRead, Fact, FactName, Page, ReadStatus

LETTERHEAD = "AGENCIA DE FISCALIZACIÓN AMBIENTAL\nOficio 2291\n"
EXCEEDED = "Durante 2025 la estación registró 14 superaciones del valor horario de SO2, con un máximo de 611 µg/m3."
CHARGED = "No informar dentro de plazo los incidentes, infracción leve; se inicia el procedimiento sancionatorio D-41."


def paper(text: str, **facts: str) -> DocumentRead:
    return DocumentRead(
        sha256="d" * 64, name="paper.pdf", media_type="application/pdf", size=1, status=ReadStatus.READ,
        pages=(Page(number=1, text=text),),
        facts=tuple(Fact(name=FactName(name), value=value) for name, value in facts.items()),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        EXCEEDED,
        CHARGED,
        "The smelter exceeded the hourly limit for sulphur dioxide on 14 days of 2025.",
        "Four spills were not reported to the authority within 24 hours.",
        "Ten releases were not notified to this Agency and do not stand in the register.",
        "El titular no informó, dentro del plazo legal, los episodios de emisión de arsénico.",
        "A empresa descumpriu três condicionantes da licença de operação em 2025.",
        "Stwierdzono przekroczenie dopuszczalnej wielkości emisji pyłu w kwietniu 2025 r.",
        "Der Grenzwert für Arsen wurde im Jahr 2025 an 14 Tagen überschritten.",
        "Un dépassement de la valeur limite a été constaté le 3 juillet 2025 à la station.",
        "经检查，你单位二氧化硫排放超标，违反了大气污染防治法的有关条款，并且没有及时采取措施。",
        "Hasil uji emisi cerobong melebihi baku mutu pada bulan Juli 2025.",
    ],
)
def test_accusations_in_nine_languages(text: str) -> None:
    assert accuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "The limits were met throughout 2025, without any exceedance.",
        "No fines were paid and no sanction proceedings were open in 2025.",
        "No ASM was found within ten kilometres of the mine in the survey of 2026.",
        "There were zero incidents of discrimination in 2025.",
        "The screening of 31 suppliers raised no red flags.",
        "No exceedances were recorded at the three stations.",
        "La auditoría terminó sin no conformidades mayores y sin observaciones.",
        "No hubo superaciones de la norma en 2025 en ninguna estación.",
        "Nie stwierdzono niezgodności z dokumentami ani uszkodzeń opakowań.",
        "Im Jahr 2025 gab es keine Überschreitungen der Grenzwerte.",
        "Aucun dépassement n'est à signaler pour l'année 2025.",
        "2025年未发生环境污染事故。",
        "Sepanjang 2025 tidak ada pelanggaran dan tidak terjadi kecelakaan.",
    ],
)
def test_recorded_negatives_are_evidence(text: str) -> None:
    assert recorded_negative(text) or not accuses(text)
    assert not accuses(text)
    assert not admits(text)


@pytest.mark.parametrize(
    "text",
    [
        "If the limit is exceeded, the operator must inform the authority within 24 hours.",
        "El titular deberá informar toda superación de la norma dentro de 24 horas.",
        "A serious breach of the Code may lead to the end of the contract.",
        "The proceedings were closed and the charges for breach of the permit dismissed.",
        "Cargos",
    ],
)
def test_rules_suppositions_and_settled_charges_accuse_nobody(text: str) -> None:
    assert not accuses(text)


def test_who_is_an_outside_party() -> None:
    assert outside_party(paper(f"{LETTERHEAD}{EXCEEDED}", kind="letter"))
    assert outside_party(paper("x", kind="other", title="SMA formula cargos contra Minera Cerro Ejemplo"))
    assert outside_party(paper(f"Oficio 2291\n{EXCEEDED} Esta Superintendencia constató lo siguiente.",
                               kind="letter", issuer="Superintendencia del Medio Ambiente"))  # fmt: skip


def test_who_is_not() -> None:
    answer = "Minera Cerro Ejemplo SpA\nSeñores Superintendencia del Medio Ambiente\nRespondemos a los cargos."
    assert not outside_party(paper(answer, kind="letter", issuer="Superintendencia del Medio Ambiente"))
    assert not outside_party(paper("Minera Cerro Ejemplo\nThe regulator fined us in 2025.", kind="report"))
    assert not outside_party(
        paper("Procedure for a notice of violation", kind="procedure", title="Notice of violation")
    )
    assert not outside_party(paper("A certificate", kind="certificate", issuer="Environment Agency"))


@dataclass(frozen=True)
class Unit:
    document: int
    text: str


@dataclass(frozen=True)
class Query:
    requirement: Requirement


@dataclass(frozen=True)
class Site:
    documents: tuple[DocumentRead, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Nearness:
    values: np.ndarray

    def nearness(self, units: np.ndarray) -> np.ndarray:
        return self.values[:, units]


COMPLIANCE = Requirement(id="1.f", text="Breaches are recorded.", contradictions=("sanction proceedings were opened",))
AIR = Requirement(id="20.b", text="Limits are met.", contradictions=("sulphur dioxide exceeded the standard",))
WATER = Requirement(id="17.c", text="Effluents meet limits.", contradictions=("effluent exceeded the limits",))


def laid(letter: DocumentRead, *rows: tuple[str, float, float, float]) -> dict[int, tuple[Accusation, ...]]:
    """Accusations of a one-paper site against compliance, air and water; a row is a text and its three nearnesses."""
    nearness = np.asarray([row[1:] for row in rows], dtype=np.float16).T
    site = Site((letter,), tuple(Unit(0, row[0]) for row in rows))
    queries = [Query(COMPLIANCE), Query(AIR), Query(WATER)]
    return accusations(site, queries, Nearness(nearness))  # type: ignore[arg-type]


LETTER = paper(f"{LETTERHEAD}{EXCEEDED}", kind="letter")


def test_a_breach_is_laid_at_the_requirement_it_is_plainly_nearest_to() -> None:
    found = laid(LETTER, (EXCEEDED, 0.1, 0.55, 0.3))
    assert [*found] == [1]
    assert found[1][0].unit == 0
    assert found[1][0].strength == REPORTED


def test_announced_proceedings_are_laid_where_the_catalogue_speaks_of_them() -> None:
    assert [*laid(LETTER, (CHARGED, 0.2, 0.6, 0.1))] == [0]


@pytest.mark.parametrize("nearness", [(0.1, 0.55, 0.52), (0.1, 0.4, 0.1)], ids=["two as near", "none near"])
def test_in_doubt_a_breach_is_laid_at_none(nearness: tuple[float, float, float]) -> None:
    assert laid(LETTER, (EXCEEDED, *nearness)) == {}


def test_what_a_company_reports_of_itself_is_laid_at_none() -> None:
    own = paper(f"Minera Cerro Ejemplo\n{EXCEEDED}", kind="report")
    assert laid(own, (EXCEEDED, 0.1, 0.9, 0.1), (CHARGED, 0.9, 0.1, 0.1)) == {}


def test_the_nearest_accusation_comes_first() -> None:
    found = laid(LETTER, (EXCEEDED, 0.1, 0.6, 0.3), (EXCEEDED, 0.1, 0.9, 0.3))
    assert [accusation.unit for accusation in found[1]] == [1, 0]


NEAR = {"against": 0.7, "sim_text": 0.4, "sim_probe": 0.5}
ADMITTED = "A human rights impact assessment has not yet been carried out at the site."


def test_an_admission_near_to_the_opposite_contradicts() -> None:
    own = paper(ADMITTED, kind="report")
    assert stance(NEAR, text=ADMITTED, document=own) is Stance.CONTRADICTS
    assert stance(NEAR | {"sim_text": 0.68}, text=ADMITTED, document=own) is Stance.SUPPORTS
    assert stance(NEAR | {"against": 0.45}, text=ADMITTED, document=own) is Stance.SUPPORTS


def test_negation_alone_contradicts_nothing() -> None:
    own = paper("x", kind="procedure")
    for text in (
        "Nobody begins work without the two-day induction and the course for the critical controls of the post.",
        "In the manager's absence the head of permits acts, and no permit is left without an owner.",
        "There were no complaints in 2025.",
    ):
        assert stance(NEAR, text=text, document=own) is Stance.SUPPORTS


def test_a_breach_contradicts_in_the_paper_of_an_outside_party_only() -> None:
    assert stance(NEAR, text=EXCEEDED, document=LETTER) is Stance.CONTRADICTS
    assert stance(NEAR, text=EXCEEDED, document=paper(EXCEEDED, kind="report")) is Stance.SUPPORTS
