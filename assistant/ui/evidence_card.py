"""A proposed quote as a card: the words, their place, what they are worth and why, and the person's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.access import Action
from assistant.models import Evidence, Stance, Verdict
from assistant.ui.chips import acting, chip, row, small
from assistant.ui.inert import inert, plain
from assistant.ui.place import Place
from assistant.ui.signin import why_not
from assistant.ui.words import KIND, UNDECIDED, VERDICT, Sign, language, moment, strength

if TYPE_CHECKING:
    from assistant.service import EvidenceView, Service
    from assistant.store import RecordedDecision

SHOWN = "place_shown"
"""Session state: the `Place` that stands beside the cards."""

REASONS: tuple[str, ...] = (
    "Not about this requirement",
    "Only an intention, no practice",
    "Another site or company",
    "Out of date",
    "Too general",
)
"""Frequent reasons, offered so that a rejection is two clicks; the person's own words may stand instead or beside."""


def evidence_card(service: Service, view: EvidenceView, run_id: int, *, key: str, shortcut: str | None = None) -> None:
    """Draw one card. `shortcut` confirms it from the keyboard."""
    item, decision = view.evidence, view.decision
    here = st.session_state.get(SHOWN) == place_of(item)
    with st.container(border=True, gap="small", key=f"card_{key}"):
        with row():
            _state(decision)
            if item.stance is Stance.CONTRADICTS:
                chip(Sign("Speaks against", "bolt", "✕", "violet"))
            chip(Sign(KIND[item.kind], "sell", "", "gray"), tip="What kind of evidence the quote is")
            chip(
                Sign(strength(item.strength), "signal_cellular_alt", "", "gray"),
                tip="Calibrated probability that a person confirms this quote for this requirement",
            )
            if item.closes:
                chip(Sign("Can close it", "task_alt", "", "green"), tip="Kind, date and scope are right for it")
        with st.container(key=f"quote_{key}"):
            if item.judged is None:
                st.text(f"“{' '.join(plain(item.quote).split())}”")
            else:
                st.markdown(in_context(item), help="In grey: what stands around the words that were judged")
        where = f"{item.document} · p. {item.page}" + (f" · {language(item.language)}" if item.language else "")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.caption(f":material/description: {inert(where)}", width="stretch")
            st.button(
                "Shown" if here else "Show",
                icon=":material/visibility:" if here else ":material/find_in_page:",
                key=f"show_{key}",
                type="tertiary",
                disabled=here,
                on_click=lambda: st.session_state.update({SHOWN: place_of(item)}),
            )
        if item.heading:
            small("Under: " + " › ".join(item.heading))
        if item.reason:
            small(item.reason)
        _caveats(item)
        if view.reworded:
            st.warning(
                "This was decided on other words of the requirement; look at it again.", icon=":material/history:"
            )
        if decision is None:
            decision_buttons(
                service, "evidence", item.key, item.requirement_id, run_id, quote=item.quote, key=key, shortcut=shortcut
            )
        else:
            decided(service, decision, key=key)


def in_context(item: Evidence) -> str:
    """The quote as Markdown that shows exactly its characters, the context of the judged sentences in grey."""
    before, judged, after = item.in_parts

    def grey(part: str) -> str:
        # Blanks stay outside, so that words of neighbouring parts do not run together.
        first, last = (" " if part[:1].isspace() else ""), (" " if part[-1:].isspace() else "")
        return f"{first}:gray[{shown}]{last}" if (shown := inert(part)) else ""

    return f"“{grey(before)}{inert(judged)}{grey(after)}”"


def place_of(item: Evidence) -> Place:
    """Where a quote stands."""
    return Place(item.sha256, item.page, item.start, item.end, item.document)


def decision_buttons(
    service: Service,
    target: str,
    key_of_target: str,
    requirement_id: str,
    run_id: int,
    *,
    key: str,
    quote: str | None = None,
    shortcut: str | None = None,
) -> None:
    """Confirm in one click, or reject with a reason."""
    allowed = service.may(Action.DECIDE)

    def decide(verdict: Verdict, reason: str = "") -> None:
        acting(
            service.decide,
            target,
            key_of_target,
            requirement_id,
            verdict,
            reason,
            run_id=run_id,
            quote=quote,
            said=f"{VERDICT[verdict].word}: {requirement_id}",
        )

    with row():
        st.button(
            "Confirm",
            icon=":material/check:",
            key=f"confirm_{key}",
            type="primary",
            disabled=not allowed,
            shortcut=shortcut,
            on_click=decide,
            args=(Verdict.CONFIRMED,),
        )
        with (
            st.popover("Reject", icon=":material/close:", disabled=not allowed, key=f"reject_{key}"),
            st.form(f"rejecting_{key}", border=False),
        ):
            chosen = st.pills("Reason", REASONS, key=f"reason_{key}") if target == "evidence" else None
            words = st.text_input("In your words" if chosen else "Reason, in your words", key=f"words_{key}")
            if st.form_submit_button("Reject", icon=":material/close:", type="primary"):
                decide(Verdict.REJECTED, ": ".join(part for part in (chosen, words.strip()) if part))
                st.rerun()
        if not allowed:
            small(why_not(service.person, "confirm or reject", "an assessor or an administrator"))


def decided(service: Service, decision: RecordedDecision, *, key: str) -> None:
    """Who decided what, when and why, with a button that takes it back."""
    sign = VERDICT[decision.verdict]
    said = f"{sign.word} by {decision.person}, {moment(decision.at)}" + (
        f": {decision.reason}" if decision.reason else ""
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.caption(f"{sign.material} {inert(said)}", width="stretch")
        st.button(
            "Undo",
            icon=":material/undo:",
            key=f"undo_{key}",
            type="tertiary",
            disabled=not service.may(Action.DECIDE),
            help="Withdraws the decision by a further one; both stay in the record.",
            on_click=acting,
            args=(service.undo, decision.id),
            kwargs={"said": "The decision is withdrawn."},
        )


def _state(decision: RecordedDecision | None) -> None:
    chip(UNDECIDED if decision is None else VERDICT[decision.verdict])


def _caveats(item: Evidence) -> None:
    if item.caveats:
        with row():
            for caveat in item.caveats:
                chip(Sign(caveat.value.capitalize(), "warning", "!", "orange"))
    for note in item.caveat_notes:
        small(note)
