"""Document facts with the words they came from."""

from __future__ import annotations

import pytest

from ingestion import FactName, Page
from ingestion.facts import find_facts

BODY = (
    "The operation measures the water that it takes from each source every day, and a draft of the yearly report "
    "goes to the neighbours before it is published. The licence of the port is valid until 1 May 2031."
)


def facts(*texts: str, name: str = "file.txt", kind: str = "text/plain", language: str = "en", **metadata: str):
    pages = [Page(number=number, text=text) for number, text in enumerate(texts, 1)]
    found = find_facts(name, kind, pages, {language: 1.0}, metadata)
    for fact in found:
        if fact.page:
            assert pages[fact.page - 1].text[fact.start : fact.end] == fact.quote
        else:
            assert fact.quote == ""
            assert fact.origin != "text"
    return found


def values(*texts: str, **options: str) -> dict[str, str]:
    result: dict[str, str] = {}
    for fact in facts(*texts, **options):
        result.setdefault(fact.name.value, fact.value)
    return result


def test_a_policy_with_everything():
    text = (
        "Water Stewardship Policy\n\nSite: North Mine\nStatus: Approved\nVersion 3.1\nDate of issue: 5 March 2024\n"
        f"Effective date: 1 April 2024\nNext review: March 2027\n\n{BODY}"
    )
    found = values(text)
    assert found == {
        "title": "Water Stewardship Policy", "kind": "policy", "review_due": "2027-03-31", "valid_from": "2024-04-01",
        "issued": "2024-03-05", "status": "approved", "version": "3.1", "scope": "North Mine", "language": "en",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "name", "value"),
    [
        ("en", "Certificate\nValid until: 14 September 2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("es", "Certificado\nVálido hasta el 14 de septiembre de 2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("es", "Permiso\nFecha de vencimiento: 14/09/2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("pt", "Licença\nVálido até 14 de setembro de 2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("pl", "Certyfikat\nWażny do 14 września 2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("de", "Zertifikat\nGültig bis 14. September 2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("fr", "Certificat\nValable jusqu’au 14 septembre 2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("zh", "认证证书\n有效期至：2025年9月14日", FactName.VALID_UNTIL, "2025-09-14"),
        ("ja", "認証書\n有効期限：2025年9月14日", FactName.VALID_UNTIL, "2025-09-14"),
        ("id", "Sertifikat\nBerlaku sampai dengan 14 September 2025", FactName.VALID_UNTIL, "2025-09-14"),
        ("es", "Política\nFecha de emisión: 05-03-2024", FactName.ISSUED, "2024-03-05"),
        ("pl", "Polityka\nData wydania: 5 marca 2024", FactName.ISSUED, "2024-03-05"),
        ("es", "Plan\nPróxima revisión: marzo de 2027", FactName.REVIEW_DUE, "2027-03-31"),
        ("en", "Annual report\nFor the year ended 30 June 2024", FactName.PERIOD_END, "2024-06-30"),
        ("en", "Report\nPeriod: 1 January to 31 December 2025", FactName.PERIOD_END, "2025-12-31"),
        ("en", "Sustainability Report 2023", FactName.PERIOD_END, "2023-12-31"),
        ("es", "Contrato\nVigencia: 01/09/2024 a 31/08/2027", FactName.VALID_UNTIL, "2027-08-31"),
        ("es", "Reglamento\nVigencia desde el 1 de marzo de 2025", FactName.VALID_FROM, "2025-03-01"),
        (
            "en",
            "Permit\nIssued on 5 March 2024\nThis permit is valid for three years.",
            FactName.VALID_UNTIL,
            "2027-03-05",
        ),
        ("en", "Certificate\n\nExpiry date\n14 September 2025", FactName.VALID_UNTIL, "2025-09-14"),
    ],
)
def test_dates_by_their_words(language: str, text: str, name: FactName, value: str):
    assert {fact.name: fact.value for fact in facts(text, language=language)}[name] == value


def test_dates_of_other_things_in_a_report_do_not_count():
    found = values("Sustainability Report 2023\n\n" + BODY, *[BODY] * 8)
    assert "valid_until" not in found
    assert "status" not in found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Dust plan\nDRAFT\nVersion 0.2", "draft"),
        ("Dust plan - DRAFT FOR CONSULTATION", "draft"),
        ("Plan de polvo\nEstado | BORRADOR en revisión", "draft"),
        ("Polityka wodna\nWersja robocza", "draft"),
        ("Wasserrichtlinie\nStatus: Entwurf", "draft"),
        ("供应链政策（草案）\n草案", "draft"),
        ("Dust plan\nSUPERSEDED\nVersion 2", "superseded"),
        ("Plan de polvo\nCOPIA NO CONTROLADA", "uncontrolled copy"),
        ("Dust plan\nStatus Approved", "approved"),
        ("Dust plan\nApproved by: General Manager", "approved"),
    ],
)
def test_status_from_the_title_block(text: str, value: str):
    assert values(f"{text}\n\n{BODY}")["status"] == value


@pytest.mark.parametrize(
    "text",
    [
        "Dust plan\n\nThis plan replaces an earlier draft of the plan that was never approved by anybody.",
        "Dust plan\nPrinted copies are uncontrolled copies",
        "Dust plan\nReport version: Draft 2 May, final 9 May 2024",
        "Proyecto Norte\nProyecto de ampliación de la mina",
        "Dust plan\nSupersedes: version 2",
    ],
)
def test_words_that_are_no_status(text: str):
    assert "status" not in values(f"{text}\n\n{BODY}")


def test_a_watermark_on_every_page_counts():
    assert values(*[f"Dust plan\n\n{BODY}\nDRAFT\n{BODY}" for _ in range(4)])["status"] == "draft"


def test_status_from_metadata_and_file_name():
    assert values(f"Dust plan\n\n{BODY}", status="Draft")["status"] == "draft"
    assert values(f"Dust plan\n\n{BODY}", name="Dust_plan_DRAFT_v2.docx")["status"] == "draft"


def test_what_replaced_it():
    found = values(f"Dust plan\nVersion 2\nSuperseded by DUS-PL-001 v3\n\n{BODY}")
    assert (found["status"], found["superseded_by"], found["version"]) == ("superseded", "DUS-PL-001 v3", "2")


@pytest.mark.parametrize(
    ("language", "title", "kind"),
    [
        ("en", "Human Rights Policy", "policy"),
        ("en", "Tailings Management Plan", "plan"),
        ("en", "Report on the Tailings Management Plan", "report"),
        ("en", "Minutes of the meeting of 5 May", "minutes"),
        ("en", "Training records 2024", "record"),
        ("en", "Certificate of Registration", "certificate"),
        ("es", "Procedimiento de manejo de residuos", "procedure"),
        ("es", "Informe de monitoreo de aguas", "report"),
        ("es", "Resolución exenta N° 417", "permit"),
        ("pt", "Relatório de sustentabilidade", "report"),
        ("pl", "Polityka praw człowieka", "policy"),
        ("pl", "Protokół z posiedzenia", "minutes"),
        ("de", "Verhaltenskodex für Lieferanten", "policy"),
        ("fr", "Plan d'action climat", "plan"),
        ("zh", "矿产供应链尽责管理政策", "policy"),
        ("zh", "铜供应链尽职调查管理办法", "procedure"),
        ("ja", "サステナビリティ報告書", "report"),
        ("id", "Kebijakan keselamatan kerja", "policy"),
    ],
)
def test_kind_by_the_title(language: str, title: str, kind: str):
    assert values(f"{title}\n\n{BODY}", language=language)["kind"] == kind


def test_kind_by_format_and_file_name():
    assert values("From: a\n\nHello there", kind="message/rfc822")["kind"] == "e-mail"
    assert values(BODY, name="water_policy.txt")["kind"] == "policy"
    assert values("What we do\n\n" + BODY)["kind"] == "other"


def test_a_sentence_is_no_title():
    found = facts(BODY, name="north_mine.txt")[0]
    assert (found.name, found.value, found.origin) == (FactName.TITLE, "north mine", "filename")


def test_metadata_title_is_confirmed_on_the_page():
    found = facts(f"North Mine\nWater Policy\n\n{BODY}", title="Water Policy")[0]
    assert (found.value, found.quote, found.confidence) == ("Water Policy", "Water Policy", 0.95)


def test_a_title_in_a_block_of_one_line():
    line = "GROUP WATER POLICY v.2 - North Mine plc - Valid from: 02 October 2020 - Policy owner: Director (12 pages)"
    found = values(f"{line}\n\n{BODY}")
    assert (found["title"], found["valid_from"], found["version"], found["scope"]) == (
        "GROUP WATER POLICY v.2", "2020-10-02", "2", "North Mine plc",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Plan\nFaena: Cerro Norte", "Cerro Norte"),
        ("Plan\nStandort: Hütte Nord", "Hütte Nord"),
        ("Plan\nZakład: Huta Północ", "Huta Północ"),
        ("政策\n适用范围：北方铜矿全体员工", "北方铜矿全体员工"),
        (
            "Policy\n\nThis policy applies to all employees of North Mine. It is reviewed.",
            "all employees of North Mine",
        ),
        ("Política\n\nEsta política se aplica a todo el personal de Cerro Norte.", "todo el personal de Cerro Norte"),
        (
            "Certificate\nThis is to certify that the environmental management system of North Mine Ltd, South, has",
            "North Mine Ltd",
        ),
    ],
)
def test_scope(text: str, scope: str):
    assert values(text)["scope"] == scope


def test_issuer():
    assert values("Certificate\nIssued by: Example Certification\n")["issuer"] == "Example Certification"
    assert values("Permiso\nMinisterio de Minería\n", language="es")["issuer"] == "Ministerio de Minería"


def test_table_rows_are_no_title_block():
    page = "Permits\n\nPermit | Date\nPermit: Water | Date: 2024-01-05\nPermit: Air | Date: 2024-02-05"
    found = values(page, kind="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert "issued" not in found
    assert found["kind"] == "permit"


def test_metadata_dates_are_weak():
    found = {fact.name: fact for fact in facts(f"Dust plan\n\n{BODY}", created="D:20240305120000Z")}
    issued = found[FactName.ISSUED]
    assert (issued.value, issued.origin, issued.confidence) == ("2024-03-05", "metadata", 0.3)
