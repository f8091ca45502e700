"""A certificate speaks for the requirements that list its standard, under any of its names, and for no others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.judge.certificates import silent_because
from assistant.models import EvidenceKind, Requirement
from ingestion.models import DocumentRead, Fact, FactName, Page, ReadStatus

ASSURANCE, RECORD = EvidenceKind.ASSURANCE, EvidenceKind.RECORD


def paper(text: str, kind: str = "certificate", name: str = "paper.pdf") -> DocumentRead:
    return DocumentRead(
        sha256="c" * 64, name=name, media_type="application/pdf", size=1, status=ReadStatus.READ,
        pages=(Page(number=1, text=text),), facts=(Fact(name=FactName.KIND, value=kind),),
    )  # fmt: skip


def asked(
    *listed: str, kinds: Sequence[EvidenceKind] = (RECORD, ASSURANCE), examples: Sequence[str] = ()
) -> Requirement:
    return Requirement(
        id="x.a", text="Audits are held.", kinds=tuple(kinds), certificates=listed, evidence_examples=tuple(examples)
    )


@pytest.mark.parametrize(
    "words",
    [
        "ISO 14001", "ISO 14001:2015", "ISO14001", "UNE-EN ISO 14001", "DIN EN ISO 14001:2015-11", "GB/T 24001-2016",
        "JIS Q 14001", "PN-EN ISO\n14001", "EMAS", "Eco-Management and Audit Scheme",
    ],
)  # fmt: skip
def test_spellings_of_a_listed_standard(words: str) -> None:
    certificate = paper(f"Certificate of registration. The management system meets {words} at Cerro Ejemplo.")
    assert not silent_because(asked("ISO 14001", "EMAS"), certificate)


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ("SA8000", "SA 8000:2014"),
        ("ISO 14064", "ISO 14064-1:2018"),
        ("NCh3262", "NCh 3262:2012"),
        ("NMX-R-025", "NMX-R-025-SCFI-2015"),
        ("Joint Due Diligence Standard", "JDDS assessment"),
        ("RMAP", "Responsible Minerals Assurance Process"),
        ("GISTM conformance validation", "the Global Industry Standard on Tailings Management"),
        ("TSM Tailings Management", "Towards Sustainable Mining, Tailings Management Protocol: level AAA"),
        ("ISAE 3000", "limited assurance under ISAE 3000 (Revised)"),
    ],
)
def test_other_names_of_a_listed_standard(listed: str, words: str) -> None:
    assert not silent_because(asked(listed), paper(f"It is certified: {words}."))


def test_another_standard_closes_nothing_and_the_sentence_says_why() -> None:
    energy = paper("Certificado. El sistema de gestión de la energía cumple ISO 50001:2018.")
    environment = asked("ISO 14001", "EMAS")
    assert silent_because(environment, energy, strength=0.99)
    assert silent_because(environment, energy) == (
        "The certificate is not of ISO 14001 or EMAS, which would stand for this requirement."
    )
    assert not silent_because(asked("ISO 50001"), energy)


def test_a_number_that_only_looks_alike_is_another_standard() -> None:
    assert silent_because(asked("ISO 14001"), paper("Certificate no. 14001 for ISO 9001, 140 012 tonnes."))
    assert silent_because(asked("TSM Water Stewardship"), paper("Water Stewardship award of the town."))


def test_without_a_list_only_strong_words_of_assurance_count() -> None:
    certificate = paper("The management system meets ISO 9001.")
    assert not silent_because(asked(), certificate, strength=0.9)
    assert silent_because(asked(), certificate, strength=0.4)
    assert silent_because(asked(kinds=(RECORD,)), certificate, strength=0.9)


def test_a_certificate_that_the_examples_ask_for_counts() -> None:
    calibration = paper("Calibration certificate of the SO2 analyser, 3 March 2026.")
    assert not silent_because(asked(kinds=(RECORD,), examples=["analyser calibration certificate"]), calibration)
    assert silent_because(asked(kinds=(RECORD,), examples=["ISO 37001 certificate"]), calibration)


def test_other_documents_and_foreign_frameworks_are_left_alone() -> None:
    assert not silent_because(asked("ISO 14001"), paper("We hold ISO 50001.", kind="report"))
    assert not silent_because(Requirement(id="y", text="Anything."), paper("It meets ISO 9001."))
