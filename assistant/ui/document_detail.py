"""One document: its facts with the words they came from, what is suspicious in it, its pages, and taking it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

import streamlit as st

from assistant.access import Action
from assistant.service.facts import CHOICES, DATES
from assistant.ui.chips import acting, chip, row, small
from assistant.ui.inert import inert, plain
from assistant.ui.place import Place, show
from assistant.ui.signin import why_not
from assistant.ui.words import FACT, READ, Sign, count, day, language
from ingestion.models import Fact, FactName, ReadStatus, Suspicion

if TYPE_CHECKING:
    from assistant.service import DocumentView, Notice, Service
    from assistant.store import Correction

SHOWN = "document_place"
SUSPICIONS = frozenset(get_args(Suspicion.model_fields["kind"].annotation))
"""Kinds of suspicion: these have a tab of their own."""
_ORIGIN = {
    "text": "read from the text",
    "metadata": "from the file's properties",
    "filename": "from the file's name",
    "derived": "worked out",
    "person": "corrected by a person",
}
_ABLE = "a producer or an administrator"
SURE = 0.7
"""Below this confidence a fact is marked as unsure; the readers give about 0.5 to guesses from one cue."""


def detail(service: Service, document: DocumentView, notices: Sequence[Notice]) -> None:
    """Draw what is known of a document beside its pages; `notices` is what a person should look at."""
    st.subheader(inert(document.title or document.name, 90), anchor=False)
    with row():
        chip(READ[document.status])
        chip(Sign(count(document.pages, "page"), "description", "", "gray"))
        if document.languages:
            shares = sorted(document.languages.items(), key=lambda one: -one[1])
            chip(
                Sign(", ".join(f"{language(code)} {share:.0%}" for code, share in shares[:3]), "translate", "", "gray")
            )
        chip(Sign(f"Added {day(document.added.astimezone())}", "event", "", "gray"), tip=document.added_by)
    for notice in notices:
        if notice.word not in SUSPICIONS:
            st.warning(inert(notice.sentence), icon=":material/warning:")
    left, right = st.columns([5, 4], gap="medium")
    with left:
        suspicions = service.document(document.sha256).suspicions
        facts, suspicious, remove = st.tabs(
            ["Facts", f"Suspicions ({len(suspicions)})", "Take out"], key=f"tabs_{document.sha256}"
        )
        with facts:
            _facts(service, document)
        with suspicious:
            _suspicions(document.sha256, suspicions)
        with remove:
            _removing(service, document)
    with right, st.container(border=True):
        if not document.pages or document.status is ReadStatus.UNREADABLE:
            st.caption("No page of this document could be read.")
        else:
            place = st.session_state.get(SHOWN)
            here = place if isinstance(place, Place) and place.sha256 == document.sha256 else Place(document.sha256, 1)
            show(service, here, key="documents")


def _facts(service: Service, document: DocumentView) -> None:
    if not document.facts:
        st.caption("No facts were found; state them below, so that validity and scope can be judged.")
    corrections = {c.name: c for c in service.corrections(document.sha256)}
    for at, fact in enumerate(document.facts):
        with st.container(key=f"fact_row_{at}"):
            name, value, source, show_it = st.columns([15, 32, 44, 15], vertical_alignment="top", gap="xsmall")
            name.caption(FACT[fact.name])
            value.text(plain(fact.value) or "none")
            with source, st.container(gap=None):
                if fact.quote:
                    st.text(f"“{' '.join(plain(fact.quote).split())}”")
                small(_where_from(fact, corrections.get(fact.name)))
            with show_it:
                if fact.page and fact.end > fact.start:
                    _show_button(Place(document.sha256, fact.page, fact.start, fact.end), f"fact_{at}")
    _correcting(service, document)


def _where_from(fact: Fact, correction: Correction | None) -> str:
    if fact.origin == "person" and correction is not None:
        return f"corrected by {correction.person}: {correction.reason}"
    said = _ORIGIN[fact.origin] + (f", p. {fact.page}" if fact.page else "")
    return said if fact.confidence >= SURE else f"{said} (unsure)"


def _show_button(place: Place, key: str) -> None:
    st.button(
        "Show", icon=":material/find_in_page:", type="tertiary", key=f"show_{key}_{place.sha256}",
        on_click=lambda: st.session_state.update({SHOWN: place}),
    )  # fmt: skip


def _correcting(service: Service, document: DocumentView) -> None:
    allowed = service.may(Action.CORRECT)
    with st.expander("Correct or state a fact", icon=":material/edit:"):
        known: dict[FactName, Fact] = {fact.name: fact for fact in reversed(document.facts)}
        name = st.selectbox(
            "Fact",
            list(FACT),
            index=0,
            required=True,
            key=f"fact_{document.sha256}",
            format_func=lambda one: FACT[one],
            disabled=not allowed,
        )
        now = known[name].value if name in known else ""
        key = f"value_{document.sha256}_{name}"
        with st.form(f"correct_{document.sha256}", border=False):
            if name in CHOICES:
                options = ["", *CHOICES[name]]
                value = st.selectbox(
                    "Right value", options, key=key, disabled=not allowed,
                    index=options.index(now) if now in options else 0,
                    format_func=lambda one: one.capitalize() or "None",
                )  # fmt: skip
            else:
                hint = "YYYY-MM-DD; empty when there is none" if name in DATES else "Empty when there is none"
                value = st.text_input("Right value", value=now, key=key, placeholder=hint, disabled=not allowed)
            reason = st.text_input(
                "Reason", key=f"{key}_reason", placeholder="Where the right value stands", disabled=not allowed
            )
            if st.form_submit_button("Correct", icon=":material/save:", disabled=not allowed):
                acting(
                    service.correct_fact, document.sha256, name, value or "", reason,
                    said=f"{FACT[name]} is corrected. Match again for it to count.",
                )  # fmt: skip
                st.rerun()
        if not allowed:
            small(why_not(service.person, "correct facts", _ABLE))


def _suspicions(sha256: str, suspicions: tuple[Suspicion, ...]) -> None:
    if not suspicions:
        st.caption("Nothing in this document tries to act or hides.")
        return
    st.caption(
        "Text that tries to act or hides. It is shown as it stands and never carried out; no quote may come from it."
    )
    for at, suspicion in enumerate(suspicions):
        with st.container(border=True, gap="xsmall"):
            with row():
                chip(Sign(suspicion.kind.capitalize(), "gpp_maybe", "!", "orange"))
                if suspicion.page:
                    st.caption(f"p. {suspicion.page}", width="content")
                if suspicion.page and suspicion.end > suspicion.start:
                    _show_button(Place(sha256, suspicion.page, suspicion.start, suspicion.end), f"suspicion_{at}")
            small(suspicion.message)
            if suspicion.quote:
                st.code(plain(suspicion.quote), language=None, wrap_lines=True)


def _removing(service: Service, document: DocumentView) -> None:
    allowed = service.may(Action.REMOVE)
    st.caption(
        "The document is left out of the next matching. Its pages and the decisions made on it stay in the record and "
        "remain readable."
    )
    with st.form(f"remove_{document.sha256}", border=False):
        reason = st.text_input("Reason", key=f"remove_reason_{document.sha256}", disabled=not allowed)
        sure = st.checkbox("Yes, take this document out", key=f"remove_sure_{document.sha256}", disabled=not allowed)
        if st.form_submit_button("Take out", icon=":material/delete:", disabled=not allowed):
            if sure:
                acting(service.remove_document, document.sha256, reason, said=f"{document.name} is taken out.")
                st.rerun()
            st.warning("Tick the box to say you are sure.", icon=":material/check_box:")
    if not allowed:
        small(why_not(service.person, "take documents out", _ABLE))
