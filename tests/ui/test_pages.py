from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.models import Status, Verdict
from assistant.service import Service
from assistant.ui import PAGES, session
from assistant.ui.documents import TABLE as DOCUMENTS_TABLE
from assistant.ui.readiness import TABLE
from assistant.ui.words import KIND, READ, STATUS, VERDICT, WORKING_TEXT
from ingestion.models import ReadStatus
from tests.ui.conftest import SECONDS, plainly, words
from tests.ui.double import make_workspace


def open_page(name: str, **parameters: str) -> AppTest:
    """The app with this page open."""
    app = AppTest.from_string(f"from assistant.ui import start\n\nstart({name!r})", default_timeout=SECONDS)
    for key, value in parameters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def pressed(app: AppTest, label: str) -> None:
    """Press the button of a form and run."""
    next(button for button in app.button if button.label == label).click().run()


def table(app: AppTest) -> dict[str, dict[str, object]]:
    frame = app.dataframe[0].value
    return {str(row["number"]): row for row in frame.to_dict("records")}


# --- no workspace, no documents ---------------------------------------------------------------------------


def test_without_a_workspace_a_form_makes_one(app: AppTest, tmp_path: Path) -> None:
    app.run()
    assert app.title[0].value == "Begin a review"
    app.text_input(key="site_name").set_value("Cerro Ejemplo")
    pressed(app, "Make the workspace")
    assert not app.exception
    assert app.title[0].value == "Documents"
    assert Service.open(tmp_path / "workspace").site().name == "Cerro Ejemplo"
    assert "No documents yet" in words(app)


def test_a_site_without_a_name_is_a_sentence(app: AppTest) -> None:
    app.run()
    pressed(app, "Make the workspace")
    assert [error.value for error in app.error] == [
        "The site needs a name and at least one kind; fill them in\\, then make the workspace\\.".replace(";", "\\;")
    ]


def test_an_empty_workspace_says_what_to_do(app: AppTest, tmp_path: Path) -> None:
    make_workspace(tmp_path / "workspace", documents=False, matched=False)
    app.run()
    assert app.title[0].value == "Readiness"
    assert "No documents yet" in words(app)
    assert app.button(key="match").disabled
    assert "Nothing to review yet" in words(open_page("review"))


# --- readiness ------------------------------------------------------------------------------------------------


def test_readiness_shows_all_criteria_with_word_and_mark(app: AppTest, service: Service) -> None:
    app.run()
    assert not app.exception
    rows = table(app)
    assert len(rows) == 32
    assert list(rows["19"]["status"]) == [STATUS[Status.PARTLY].plain]
    assert list(rows["25"]["status"]) == [STATUS[Status.NOT_APPLICABLE].plain]
    assert rows["19"]["requirements"] == "● 2   ○ 10"
    assert "A gap means that nothing was found in what could be read." in words(app)
    assert WORKING_TEXT in words(app)


def test_filters_leave_what_fits(app: AppTest, service: Service) -> None:
    app.run()
    app.text_input(key="criteria_search").set_value("tailings").run()
    assert list(table(app)) == ["19"]
    app.text_input(key="criteria_search").set_value("").run()
    app.multiselect(key="criteria_status").set_value([STATUS[Status.PARTLY].plain]).run()
    assert list(table(app)) == ["19"]
    app.text_input(key="criteria_search").set_value("zzz").run()
    assert "No criterion fits these filters" in words(app)


def test_a_chosen_row_opens_in_review(app: AppTest, service: Service) -> None:
    app.run()
    app.session_state[TABLE] = {"selection": {"rows": [], "columns": [], "cells": [(18, "criterion")]}}
    app.run()
    assert not app.exception
    assert app.title[0].value == "Review"
    assert app.selectbox(key="criterion_picker").value == "19"


def test_match_runs_and_says_so(app: AppTest, tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "workspace", matched=False)
    app.run()
    assert "Not matched yet" in words(app)
    app.button(key="match").click().run()
    assert not app.exception
    assert [plainly(toast.value) for toast in app.toast] == ["Run 1: 244 requirements matched."]
    assert made.latest_run() is not None


def test_documents_added_after_the_run_are_said(app: AppTest, service: Service, tmp_path: Path) -> None:
    extra = tmp_path / "extra.txt"
    extra.write_text("One more commitment of ours.", encoding="utf-8")
    list(service.add([extra]))
    app.run()
    assert "The documents have changed since run 1 (1 added, 0 removed); match again." in words(app)


# --- documents ------------------------------------------------------------------------------------------------


def test_problems_come_first(service: Service) -> None:
    app = open_page("documents")
    names = list(app.dataframe[0].value["name"])
    assert names[0] == "Broken permit.pdf"
    assert list(app.dataframe[0].value["read"][0]) == [READ[ReadStatus.UNREADABLE].plain]
    assert "damaged" in app.dataframe[0].value["look"][0]
    app.segmented_control(key="documents_show").set_value("To look at").run()
    assert "Broken permit.pdf" in list(app.dataframe[0].value["name"])
    assert "Annual pledge.txt" not in list(app.dataframe[0].value["name"])


def test_uploaded_files_are_read_under_their_names(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "workspace", documents=False, matched=False)
    app = open_page("documents")
    app.file_uploader[0].set_value(
        [("Pledge.txt", b"We commit to this.", "text/plain"), ("Bad.pdf", b"%PDF-1.4 no", "x/y")]
    )
    app.run()
    app.button(key="read_files").click().run()
    assert not app.exception
    assert {d.name: d.status for d in made.documents()} == {
        "Pledge.txt": ReadStatus.READ,
        "Bad.pdf": ReadStatus.UNREADABLE,
    }
    assert "1 file of 2 read, 1 page." in words(app)
    assert "Bad.pdf: not readable" in words(app)


def test_a_chosen_document_shows_its_page_as_text_only(service: Service) -> None:
    sha256 = next(d.sha256 for d in service.documents() if d.name == "Supplier letter.md")
    app = open_page("documents")
    row = list(app.dataframe[0].value["name"]).index("Supplier letter.md")
    app.session_state[DOCUMENTS_TABLE] = {"selection": {"rows": [], "columns": [], "cells": [(row, "name")]}}
    app.run()
    assert not app.exception
    assert app.selectbox(key="document_picker").value == sha256
    assert any("<img src=x onerror=alert(1)>" in text.value for text in app.text)
    for element in (*app.markdown, *app.caption):
        assert "<img" not in element.value
        assert not element.allow_html


@pytest.mark.usefixtures("signed")
def test_a_fact_is_corrected_with_a_reason(service: Service) -> None:
    sha256 = next(d.sha256 for d in service.documents() if d.name == "Annual pledge.txt")
    app = open_page("documents", document=sha256)
    app.selectbox(key=f"fact_{sha256}").set_value("issued").run()
    app.text_input(key=f"value_{sha256}_issued").set_value("2026-02-01")
    pressed(app, "Correct")
    assert "A correction needs a reason" in words(app)
    app.text_input(key=f"value_{sha256}_issued").set_value("2026-02-01")
    app.text_input(key=f"value_{sha256}_issued_reason").set_value("Cover page")
    pressed(app, "Correct")
    assert next(d.issued for d in service.documents() if d.sha256 == sha256) == "2026-02-01"
    assert "corrected by Ana Ruiz: Cover page" in words(app)


@pytest.mark.usefixtures("signed")
def test_taking_out_needs_a_reason_and_a_tick(service: Service) -> None:
    sha256 = next(d.sha256 for d in service.documents() if d.name == "Annual pledge.txt")
    app = open_page("documents", document=sha256)
    app.text_input(key=f"remove_reason_{sha256}").set_value("Not ours")
    pressed(app, "Take out")
    assert "Tick the box to say you are sure." in words(app)
    assert sha256 in {d.sha256 for d in service.documents()}
    app.checkbox(key=f"remove_sure_{sha256}").check()
    pressed(app, "Take out")
    assert sha256 not in {d.sha256 for d in service.documents()}


# --- review ---------------------------------------------------------------------------------------------------


def test_review_shows_quote_place_strength_and_picture(service: Service) -> None:
    app = open_page("review", criterion="19", requirement="19.a")
    said = words(app)
    assert f"“{service.findings('19')[0].evidence[0].evidence.quote}”" in said
    assert "Tailings register 2026.pdf · p. 1 · English" in said
    assert "Strong · 0.91" in said
    assert "Good · 0.34" in said
    assert "Only a commitment" in said
    assert WORKING_TEXT in said
    assert len(app.image) == 1


def test_a_quote_outside_a_pdf_is_set_apart_in_its_page(service: Service) -> None:
    app = open_page("review", criterion="32", requirement="32.a")
    texts = [text.value for text in app.text]
    assert next(view for view in service.findings("32") if view.evidence).evidence[0].evidence.quote in texts
    assert "Our commitments." in texts
    assert not app.image


def test_nothing_is_decided_without_a_name(service: Service) -> None:
    app = open_page("review", criterion="19", requirement="19.a")
    assert app.button(key="confirm_1_19.a_0").disabled
    assert "Write your name on the left to confirm or reject; it is signed." in words(app)
    app.text_input(key="person").set_value("Bo Lind").run()
    app.button(key="confirm_1_19.a_0").click().run()
    assert [(d.person, d.verdict) for d in service.decisions()] == [("Bo Lind", Verdict.CONFIRMED)]


def test_a_reviewer_may_not_decide(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_PERSON", "Bo Lind")
    monkeypatch.setenv("ASSAY_ROLE", "reviewer")
    app = open_page("review", criterion="19", requirement="19.a")
    assert app.button(key="confirm_1_19.a_0").disabled
    assert "Only an assessor or an administrator may confirm or reject; you are signed in as reviewer." in words(app)


@pytest.mark.usefixtures("signed")
def test_confirm_and_undo(service: Service) -> None:
    app = open_page("review", criterion="19", requirement="19.a")
    app.button(key="confirm_1_19.a_0").click().run()
    assert "Confirmed by Ana Ruiz" in words(app)
    app.button(key="undo_1_19.a_0").click().run()
    assert [d.verdict for d in service.decisions()] == [Verdict.CONFIRMED, Verdict.WITHDRAWN]
    assert app.button(key="confirm_1_19.a_0")


@pytest.mark.usefixtures("signed")
def test_a_rejection_needs_a_reason(service: Service) -> None:
    app = open_page("review", criterion="19", requirement="19.a")
    pressed(app, "Reject")
    assert "A rejection needs a reason" in words(app)
    assert service.decisions() == []
    app.text_input(key="words_1_19.a_0").set_value("It is the pledge of another year")
    pressed(app, "Reject")
    decision = service.decisions()[0]
    assert (decision.verdict, decision.reason) == (Verdict.REJECTED, "It is the pledge of another year")
    assert "Rejected by Ana Ruiz" in words(app)


@pytest.mark.usefixtures("signed")
def test_a_gap_shows_its_proof_and_is_confirmed(service: Service) -> None:
    app = open_page("review", criterion="19", requirement="19.c")
    said = words(app)
    assert "No passage speaks of this." in said
    assert "A record of the last year." in said
    assert "Searched 4 documents, 4 pages, " in said
    assert "in English, Spanish; 12 candidates weighed." in said
    app.button(key="confirm_gap_1_19.c").click().run()
    assert [(d.target, d.key) for d in service.decisions()] == [("gap", "19.c")]


@pytest.mark.usefixtures("signed")
def test_next_undecided_goes_past_what_is_decided(service: Service) -> None:
    service.decide("gap", "1.b", "1.b", Verdict.CONFIRMED)
    app = open_page("review", criterion="1", requirement="1.a")
    app.button(key="next_undecided").click().run()
    assert app.session_state["requirement"] == "1.c"
    app.button(key="next_criterion").click().run()
    assert app.session_state["criterion"] == "2"


@pytest.mark.usefixtures("signed")
def test_rating_needs_a_rationale_and_is_kept(service: Service) -> None:
    app = open_page("review", criterion="19")
    app.segmented_control(key="rating_19").set_value("partially meets")
    pressed(app, "Rate")
    assert "A rating needs a rationale" in words(app)
    app.segmented_control(key="rating_19").set_value("partially meets")
    app.text_area(key="rationale_19").set_value("Register and drill are there; the rest is open.")
    pressed(app, "Rate")
    assert [(r.criterion_id, r.rating, r.person) for r in service.ratings()] == [("19", "partially meets", "Ana Ruiz")]
    assert any("Rated partially meets" in str(frame.value.to_dict("records")) for frame in app.dataframe)


# --- export and the frame -----------------------------------------------------------------------------------


def test_verify_says_the_record_is_sound(service: Service) -> None:
    app = open_page("export")
    app.button(key="verify").click().run()
    assert [success.value for success in app.success] == ["The record is sound."]
    assert app.code[0].value == service.verify().head


def test_an_expected_error_is_one_sentence(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "assay.toml").write_text("colour = 1", encoding="utf-8")
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert "unknown setting colour" in words(app)


def test_every_page_opens_without_a_person(service: Service) -> None:
    for name, spec in PAGES.items():
        assert open_page(name).title[0].value == spec.title


def test_every_status_kind_and_verdict_has_a_word() -> None:
    assert set(STATUS) == set(Status)
    assert set(READ) == set(ReadStatus)
    assert set(VERDICT) == set(Verdict)
    assert {kind.value for kind in KIND} == {"commitment", "procedure", "record", "performance", "assurance"}
    marks = [sign.mark for sign in STATUS.values()]
    assert len(set(marks)) == len(marks), "two statuses that only colour tells apart"


def test_no_page_asks_for_html() -> None:
    for path in Path(session.__file__).parent.glob("*.py"):
        assert "unsafe_allow" not in path.read_text(encoding="utf-8"), path.name


def test_the_pages_send_no_statistics() -> None:
    import tomllib

    config = tomllib.loads(
        (Path(session.__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    )
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["server"]["address"] == "localhost"
    assert "http" not in json.dumps(config)
