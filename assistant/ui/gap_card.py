"""A gap as a card: what is missing and why, the proof behind the claim, what would close it, the person's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.models import Gap, SearchRecord, Status
from assistant.ui.chips import chip, row, small
from assistant.ui.evidence_card import decided, decision_buttons, evidence_card
from assistant.ui.inert import inert
from assistant.ui.words import STATUS, UNDECIDED, VERDICT, Sign, count, language

if TYPE_CHECKING:
    from assistant.service import FindingView, Service


def gap_card(service: Service, view: FindingView, *, key: str) -> None:
    """Draw the gap of a finding with its proof; nothing when the finding has none."""
    gap = view.finding.gap
    if gap is None:
        return
    with st.container(border=True, gap="small", key=f"gap_{key}"):
        _what(view.finding.status, gap, view)
        for sentence in gap.would_close:
            st.markdown(f":material/add_task: {inert(sentence)}")
        if view.finding.search is not None:
            searched(view.finding.search, key=key)
        if view.gap_reworded:
            st.warning(
                "This was decided on other words of the requirement; look at it again.", icon=":material/history:"
            )
        if view.gap_decision is not None:
            decided(service, view.gap_decision, key=f"gap_{key}")
        else:
            requirement_id = view.requirement.id
            decision_buttons(service, "gap", requirement_id, requirement_id, view.run_id, key=f"gap_{key}")
    if view.best is not None and gap.best is not None and gap.best not in view.finding.evidence:
        st.markdown("**Best found, and why it is not enough**")
        if gap.best_why_not:
            small(gap.best_why_not)
        evidence_card(service, view.best, view.run_id, key=f"best_{key}")


def searched(record: SearchRecord, *, key: str) -> None:
    """The search record: how much was read, in which languages, and with which words."""
    languages = ", ".join(language(code) for code in record.languages)
    st.caption(
        inert(
            f"Searched {count(record.documents, 'document')}, {count(record.pages, 'page')}, "
            f"{count(record.passages, 'passage')}"
            + (f" in {languages}" if languages else "")
            + f"; {count(record.candidates, 'candidate')} weighed."
        )
    )
    if record.unread:
        st.warning(
            inert("Not readable, so not searched: " + ", ".join(record.unread)), icon=":material/visibility_off:"
        )
    queries = [*record.queries, *(f"{query} (confirmed here)" for query in record.confirmed)]
    if queries:
        with st.expander(f"{count(len(queries), 'query', 'queries')} searched for", icon=":material/search:"):
            st.text("\n".join(f"• {query}" for query in queries))


def _what(status: Status, gap: Gap, view: FindingView) -> None:
    sign = STATUS[Status.GAP] if status is Status.GAP else Sign("What is missing", "rule", "", "orange")
    with row():
        chip(UNDECIDED if view.gap_decision is None else VERDICT[view.gap_decision.verdict])
        chip(sign)
        for reason in gap.reasons:
            chip(Sign(reason.value.capitalize(), "label", "", "gray"))
    st.markdown(inert(gap.explanation))
    if gap.would_close:
        st.markdown("**What would close it**")
