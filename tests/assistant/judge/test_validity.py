from datetime import date

import pytest

from assistant.judge.validity import caveats, latest, other_site
from assistant.models import EvidenceKind, GapReason, Site
from ingestion.models import Fact, FactName
from tests.assistant.judge.builders import SITE, TODAY, document, requirement


@pytest.mark.parametrize(
    ("until", "today", "expired"),
    [("2026-11-22", date(2026, 11, 22), False), ("2026-11-21", date(2026, 11, 22), True), ("soon", TODAY, False)],
)
def test_validity_ends_after_its_last_day(until: str, today: date, expired: bool) -> None:
    source = document("x", facts={FactName.VALID_UNTIL: until})
    found = caveats(source, requirement(), EvidenceKind.ASSURANCE, SITE, today)
    assert (GapReason.EXPIRED in found) is expired


@pytest.mark.parametrize(
    ("issued", "kind", "months", "framework", "stale"),
    [
        ("2024-11-22", EvidenceKind.RECORD, 24, 36, False),
        ("2024-11-21", EvidenceKind.RECORD, 24, 36, True),
        ("2020-01-01", EvidenceKind.COMMITMENT, None, 36, False),
        ("2020-01-01", EvidenceKind.RECORD, None, 36, True),
        ("2020-01-01", EvidenceKind.RECORD, None, None, False),
        ("2020-01-01", EvidenceKind.COMMITMENT, 24, None, True),
    ],
)
def test_age_is_judged_by_the_requirement_the_kind_and_the_framework(
    issued: str, kind: EvidenceKind, months: int | None, framework: int | None, stale: bool
) -> None:
    source = document("x", facts={FactName.ISSUED: issued})
    found = caveats(source, requirement(max_age_months=months), kind, SITE, TODAY, framework)
    assert (GapReason.STALE in found) is stale


@pytest.mark.parametrize(
    ("words", "stale"),
    [
        ("Last meeting recorded: 6 October 2026.", False),
        ("Entre octubre de 2025 y septiembre de 2026 se registraron 47 reclamos.", False),
        ("Last meeting recorded: 6 October 2019.", True),
        ("The next drill is on 3 March 2027.", True),
        ("The next drill will be held on 3 March 2025.", True),
        ("El próximo simulacro se realizará el 3 de marzo de 2025.", True),
        ("The last drill was held on 3 March 2025.", False),
        ("47 complaints were recorded.", True),
    ],
)
def test_the_dates_in_the_words_themselves_make_an_old_document_young(words: str, stale: bool) -> None:
    source = document(words, facts={FactName.ISSUED: "2020-01-01"})
    found = caveats(source, requirement(), EvidenceKind.RECORD, SITE, TODAY, 36, words)
    assert (GapReason.STALE in found) is stale


def test_the_date_of_the_file_itself_makes_nothing_stale() -> None:
    saved = Fact(name=FactName.ISSUED, value="2015-01-01", origin="metadata", confidence=0.3)
    source = document("x").model_copy(update={"facts": (saved,)})
    assert caveats(source, requirement(), EvidenceKind.RECORD, SITE, TODAY) == {}


@pytest.mark.parametrize(
    ("scope", "other"),
    [
        ("Planta Los Boldos", "Planta Los Boldos"),
        ("PLANTA LOS BOLDOS, fundición", "Planta Los Boldos"),
        ("Cerro Ejemplo y Planta Los Boldos", ""),
        ("Planta Los Boldosa", ""),
        ("Ejemplo Metals Group", ""),
    ],
)
def test_only_a_known_other_site_makes_evidence_foreign(scope: str, other: str) -> None:
    assert other_site(document("x", facts={FactName.SCOPE: scope}), SITE) == other


def test_accents_and_case_do_not_matter_in_names() -> None:
    site = Site(name="Cerro Ejemplo", other_sites=("Fundición Ñuñoa",))
    assert other_site(document("x", facts={FactName.TITLE: "FUNDICION NUNOA: manual"}), site) == "Fundición Ñuñoa"


def test_a_persons_correction_wins_over_the_surest_reading() -> None:
    source = document("x").model_copy(
        update={
            "facts": (
                Fact(name=FactName.STATUS, value="approved", origin="person", confidence=0.5),
                Fact(name=FactName.STATUS, value="draft", confidence=1.0),
            )
        }
    )
    assert latest(source)[FactName.STATUS].value == "approved"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Planta Los Boldos, noise. Levels at Planta Los Boldos were low.", "Planta Los Boldos"),
        ("Cerro Ejemplo and Planta Los Boldos and Planta Los Boldos.", ""),
        ("As at Planta Los Boldos.", ""),
    ],
)
def test_without_a_scope_the_site_named_again_and_again_counts(text: str, other: str) -> None:
    assert other_site(document(text), SITE) == other
