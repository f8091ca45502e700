"""Export: the working paper to take along, what is inside, and the check that the record is sound."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import AssayError
from assistant.ui.chips import chip, row, small, trouble, working_text
from assistant.ui.inert import inert, plain
from assistant.ui.words import Sign, count

if TYPE_CHECKING:
    from assistant.service import Service, VerifyReport

CHECK = "verify_report"


@dataclass(frozen=True)
class Format:
    """A format the working paper is written in."""

    name: str
    title: str
    mime: str
    icon: str
    inside: str


FORMATS: tuple[Format, ...] = (
    Format(
        "xlsx",
        "Excel workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "table_view",
        "For people: criteria, requirements, evidence with document and page, gaps with what would close them, "
        "decisions, ratings and the run, a sheet each. Text from documents can never act as a formula.",
    ),
    Format(
        "json",
        "JSON",
        "application/json",
        "data_object",
        "For machines: the same, whole and typed, by the published schema; every finding leads back to its documents, "
        "catalogue, engine and settings by their hashes.",
    ),
)


def page(service: Service) -> None:
    """Draw the page."""
    st.title("Export", anchor=False)
    report = service.status()
    run = report.run
    with row():
        if run is not None:
            chip(Sign(f"Run {run.id}", "history", "", "gray"))
        chip(Sign(count(report.quotes_shown, "quote"), "format_quote", "", "gray"))
        chip(Sign(f"{report.confirmed} confirmed, {report.rejected} rejected", "fact_check", "", "gray"))
    if run is None:
        st.info("Nothing has been matched yet; the export then holds site and documents only.", icon=":material/info:")
    for column, form in zip(st.columns(len(FORMATS), gap="medium"), FORMATS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f":material/{form.icon}: **{form.title}**")
            st.caption(form.inside)
            st.download_button(
                f"Download {form.title}",
                data=_writer(service, form),
                file_name=_file_name(report.site.name, form.name),
                mime=form.mime,
                icon=":material/download:",
                type="primary" if form.name == "xlsx" else "secondary",
                key=f"download_{form.name}",
                on_click="ignore",
            )
    working_text(service.framework().notice)
    _verifying(service)


def _writer(service: Service, form: Format) -> Callable[[], bytes]:
    """Writes the working paper when the button is pressed, not before."""

    def write() -> bytes:
        with tempfile.TemporaryDirectory(prefix="assay-export-") as folder:
            return service.export(Path(folder) / f"assay.{form.name}", form.name).read_bytes()

    return write


def _file_name(site: str, ending: str) -> str:
    letters = "".join(char if char.isalnum() else "-" for char in plain(site))
    return f"assay-{letters.strip('-').lower() or 'site'}.{ending}"


def _verifying(service: Service) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**Is the record sound?**", width="stretch")
            if st.button("Verify", icon=":material/verified_user:", key="verify"):
                with st.spinner("Checking chain, quotes, readings and originals…"):
                    try:
                        st.session_state[CHECK] = service.verify()
                    except AssayError as error:
                        trouble(error)
                        return
        st.caption(
            "Checks the hash chain of every write, each quote against its stored page, each stored reading and "
            "original against its hash."
        )
        found: VerifyReport | None = st.session_state.get(CHECK)
        if found is not None:
            _found(found)


def _found(found: VerifyReport) -> None:
    if found.ok:
        st.success("The record is sound.", icon=":material/verified_user:")
    else:
        st.error(f"{count(len(found.problems), 'problem')} found.", icon=":material/gpp_bad:")
    for problem in found.problems:
        st.markdown(f":material/error: {inert(problem)}")
    with st.grid(5, min_column_width=120):
        st.metric("Events in the chain", f"{found.events:,}")
        st.metric("Quotes verified", f"{found.quotes_verified:,} of {found.quotes:,}")
        st.metric("Readings", f"{found.readings:,}")
        st.metric("Originals", f"{found.originals:,}")
        st.metric("Runs", f"{found.runs:,}")
    small("Last hash of the chain; note it to compare later:")
    st.code(found.head, language=None)
