"""Readiness: all criteria at a glance, what was read for it and when, and the button that matches."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import streamlit as st

from assistant.access import Action
from assistant.errors import AssayError
from assistant.models import Status
from assistant.ui import session
from assistant.ui.chips import acting, chip, empty, row, small, trouble, working_text
from assistant.ui.inert import inert
from assistant.ui.progress import Bar
from assistant.ui.readiness_chart import chart
from assistant.ui.words import AREA, NOT_MATCHED, STATUS, Sign, count, day, status_sign

if TYPE_CHECKING:
    from assistant.service import CriterionStatus, ModelCost, Service, StatusReport

TABLE = "criteria_table"
_COLUMNS = ("number", "criterion", "status", "requirements", "decided", "rating", "category")


def page(service: Service) -> None:
    """Draw the page."""
    report = service.status()
    _head(service, report)
    if not report.documents.total:
        empty(
            "folder_open", "No documents yet", "Add the site's documents; then they can be matched with the criteria."
        )
        session.link("documents", "Add documents", ":material/upload_file:")
        return
    _run(report)
    if report.run is None:
        empty("play_circle", "Not matched yet", f"{count(report.documents.total, 'document')} read. Press Match above.")
    else:
        _numbers(report)
    chosen = _filtered(report)
    _table(chosen)
    working_text(service.framework().notice)


def _head(service: Service, report: StatusReport) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title("Readiness", anchor=False, width="stretch")
        allowed = service.may(Action.MATCH) and bool(report.documents.total)
        pressed = st.button(
            "Match", icon=":material/play_arrow:", type="primary", disabled=not allowed, key="match",
            help="Search every requirement in all documents. Decisions already made stay.",
        )  # fmt: skip
    if pressed:
        _begin(service)
    if report.cost is not None:
        small(report.cost.after)
    if report.disputed:
        st.warning(
            f"The two judges disagree on {count(len(report.disputed), 'requirement')}; they come first in Review: "
            f"{inert(', '.join(report.disputed))}.",
            icon=":material/compare_arrows:",
        )


def _begin(service: Service) -> None:
    """Match at once where no language model is set, else ask first; where its cost cannot be said, not at all."""
    bar = Bar()
    try:
        expected = service.estimate(bar)
    except AssayError as error:
        said = f"Matching was not started, because what it would ask of the language model cannot be said. {error}"
        st.error(inert(said), icon=":material/error:")
        return
    finally:
        bar.finish()
    if expected is None:
        _match(service)
    else:
        _confirm(service, expected)


@st.dialog("Ask the language model?")  # type: ignore[untyped-decorator, unused-ignore]
def _confirm(service: Service, expected: ModelCost) -> None:
    """Say what the model will cost before it is asked."""
    st.markdown(inert(expected.before))
    with row():
        confirmed = st.button("Match now", icon=":material/play_arrow:", type="primary", key="match_now")
        cancelled = st.button("Cancel", key="match_cancel")
    if confirmed:
        _match(service)
    elif cancelled:
        st.rerun()


def _match(service: Service) -> None:
    bar = Bar()
    try:
        summary = service.match(bar)
    except AssayError as error:
        trouble(error)
        return
    finally:
        bar.finish()
    said = f"Run {summary.run.id}: {count(summary.findings, 'requirement')} matched. {summary.learned}"
    acting(lambda: None, said=said.strip())
    st.rerun()


def _run(report: StatusReport) -> None:
    documents = report.documents
    with row():
        if report.run is not None:
            run = report.run
            when = run.finished or run.started
            chip(
                Sign(f"Run {run.id}, {day(when.astimezone())}", "history", "", "gray"),
                tip=f"Validity judged on {day(run.today)}",
            )
            chip(Sign(f"{count(len(run.documents), 'document')} matched", "folder", "", "gray"))
        chip(Sign(f"{count(documents.total, 'document')}, {count(documents.pages, 'page')}", "description", "", "gray"))
        if documents.unreadable + documents.partly:
            chip(Sign(f"{documents.unreadable + documents.partly} not or partly read", "warning", "!", "orange"))
        if documents.suspicions:
            chip(Sign(count(documents.suspicions, "suspicion"), "gpp_maybe", "!", "orange"))
        if report.run is not None:
            verified = report.quotes_verified == report.quotes_shown
            chip(
                Sign(
                    f"{report.quotes_verified:,} of {report.quotes_shown:,} quotes verified",
                    "fact_check" if verified else "error",
                    "",
                    "green" if verified else "red",
                ),
                tip="Each shown quote was just compared with the stored page it names.",
            )
    stale = [
        problem
        for problem in report.problems
        if problem.endswith(("match again.", "to go on with it.", "each says why."))
    ]
    for problem in stale:
        st.warning(inert(problem), icon=":material/update:")


def _numbers(report: StatusReport) -> None:
    left, right = st.columns([11, 9], gap="small")
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Requirements by category**")
        chart(report.criteria)
    with right, st.container(border=True, height="stretch"):
        tally = Counter(criterion.status for criterion in report.criteria)
        st.markdown(f"**{len(report.criteria)} criteria**")
        with st.grid(3, min_column_width=100, gap="small") as grid:
            for status, sign in STATUS.items():
                with grid.cell(), st.container(gap="xsmall", key=f"tally_{status.name.lower()}"):
                    st.markdown(f"## {tally[status]}", anchors=False)
                    chip(sign)
        small(
            f"{report.confirmed:,} confirmed, {report.rejected:,} rejected by people"
            + (f"; {count(report.orphaned, 'decision')} on what is no longer proposed" if report.orphaned else "")
            + f". {sum(criterion.rating is not None for criterion in report.criteria)} rated."
        )
        if report.promise:
            st.markdown(f":material/handshake: **What a gap means.** {inert(report.promise)}")


def _filtered(report: StatusReport) -> list[CriterionStatus]:
    areas = sorted({criterion.area for criterion in report.criteria}, key="ESG".find)
    categories = list(dict.fromkeys(criterion.category for criterion in report.criteria if criterion.category))
    statuses = [
        status for status in [None, *STATUS] if any(criterion.status is status for criterion in report.criteria)
    ]
    words = {status_sign(status).plain: status for status in statuses}
    search, area_column, category_column, status_column = st.columns(
        [20, 29, 24, 27], vertical_alignment="top", gap="small"
    )
    wanted = search.text_input("Search", key="criteria_search", icon=":material/search:", placeholder="Number or word")
    area = area_column.segmented_control(
        "Area", areas, key="criteria_area", format_func=lambda one: AREA[one], selection_mode="multi"
    )
    category = category_column.multiselect("Category", categories, key="criteria_category", placeholder="All")
    status = status_column.multiselect("Status", list(words), key="criteria_status", placeholder="All")
    return [
        criterion
        for criterion in report.criteria
        if (not area or criterion.area in area)
        and (not category or criterion.category in category)
        and (not status or criterion.status in {words[word] for word in status})
        and wanted.strip().casefold() in f"{criterion.id} {criterion.title} {criterion.category}".casefold()
    ]


def _table(chosen: list[CriterionStatus]) -> None:
    if not chosen:
        empty("filter_alt_off", "No criterion fits these filters", "Take a filter away to see more.")
        return
    signs = [*STATUS.values(), NOT_MATCHED]
    event: Any = st.dataframe(
        {
            "number": [criterion.id for criterion in chosen],
            "criterion": [criterion.title for criterion in chosen],
            "status": [[status_sign(criterion.status).plain] for criterion in chosen],
            "requirements": [_counts(criterion) for criterion in chosen],
            "decided": [_decided(criterion) for criterion in chosen],
            "rating": [(criterion.rating or "").capitalize() for criterion in chosen],
            "area": [AREA[criterion.area] for criterion in chosen],
            "category": [criterion.category for criterion in chosen],
        },
        key=TABLE,
        hide_index=True,
        height="content",
        row_height=30,
        column_order=_COLUMNS,
        selection_mode="single-cell",
        on_select="rerun",
        alt="The criteria with their status; choose a row to open it in Review",
        column_config={
            "number": st.column_config.TextColumn("No.", width=40),
            "criterion": st.column_config.TextColumn("Criterion", width=280, help="Choose a row to open it in Review"),
            "status": st.column_config.MultiselectColumn(
                "Status", options=[sign.plain for sign in signs], color=[sign.colour for sign in signs], width=135
            ),
            "requirements": st.column_config.TextColumn(
                "Requirements",
                width=150,
                help="; ".join(f"{sign.mark} {sign.word.lower()}" for sign in STATUS.values()),
            ),
            "decided": st.column_config.TextColumn("Decided", width=75, help="✓ confirmed, ✕ rejected"),
            "rating": st.column_config.TextColumn("Rating", width=110),
            "area": st.column_config.TextColumn("Area", width=95),
            "category": st.column_config.TextColumn("Category", width=180),
        },
    )
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(chosen):
        st.session_state.pop(TABLE, None)
        session.go("review", criterion=chosen[cells[0][0]].id)


def _counts(criterion: CriterionStatus) -> str:
    numbers = criterion.counts.model_dump()
    parts = [
        f"{STATUS[status].mark} {numbers[status.value.replace(' ', '_')]}"
        for status in Status
        if numbers[status.value.replace(" ", "_")]
    ]
    return "   ".join(parts)


def _decided(criterion: CriterionStatus) -> str:
    parts = [
        f"✓ {criterion.confirmed}" if criterion.confirmed else "",
        f"✕ {criterion.rejected}" if criterion.rejected else "",
    ]
    return "   ".join(part for part in parts if part)
