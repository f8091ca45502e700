"""Review: one criterion at a time, requirement by requirement, the proposals beside the page they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.models import Criterion, Status
from assistant.ui import session
from assistant.ui.chips import chip, empty, row, small, working_text
from assistant.ui.evidence_card import SHOWN, evidence_card, place_of
from assistant.ui.gap_card import gap_card, searched
from assistant.ui.inert import inert, plain, shorten
from assistant.ui.place import show
from assistant.ui.rating import rating_and_history
from assistant.ui.words import AREA, KIND, STATUS, Sign, count, status_sign

if TYPE_CHECKING:
    from assistant.service import FindingView, Service

CRITERION, REQUIREMENT = "criterion", "requirement"
DISPUTED = Sign("Judges disagree", "compare_arrows", "!", "orange")
PANE_HEIGHT = 700
"""Pixels of the three panes, so that cards scroll while the page picture stays in sight."""
SUMMARY = 58
"""Characters of a requirement in the list: two lines of it."""


def page(service: Service) -> None:
    """Draw the page."""
    st.title("Review", anchor=False)
    run = service.latest_run()
    if run is None:
        empty("rate_review", "Nothing to review yet", "Add documents, then match them on the Readiness page.")
        session.link("readiness", "Go to Readiness", ":material/checklist:")
        return
    framework = service.framework()
    every = service.findings()
    criterion = _chosen_criterion(framework.criteria, every)
    views = sorted(
        (view for view in every if view.criterion.id == criterion.id), key=lambda view: not view.finding.disputed
    )
    _picker(framework.criteria, criterion, every)
    if not views:
        empty("rate_review", "This criterion was not matched", "Match again on the Readiness page.")
        return
    _about(criterion)
    working_text(framework.notice)
    chosen = _chosen_requirement(views)
    listing, cards, picture = st.columns([1.1, 2.15, 2.55], gap="small")
    with listing, st.container(height=PANE_HEIGHT, border=False, gap="xsmall"):
        _requirements(views, chosen)
    with cards, st.container(height=PANE_HEIGHT, border=False, key=f"cards_{chosen.requirement.id}"):
        _proposals(service, chosen)
    with picture, st.container(height=PANE_HEIGHT, border=True):
        _picture(service, chosen)
    rating_and_history(service, criterion, views)


def undecided(view: FindingView) -> bool:
    """Whether a finding proposes something nobody has decided on yet."""
    proposes = bool(view.evidence) or view.finding.gap is not None
    return proposes and view.finding.status is not Status.NOT_APPLICABLE and not view.decided


def next_undecided(views: list[FindingView], after: str) -> FindingView | None:
    """The next finding after requirement `after`, round the end, that waits for a decision.

    Those on which two judges disagree come first.
    """
    places = [view.requirement.id for view in views]
    at = places.index(after) + 1 if after in places else 0
    waiting = [view for view in [*views[at:], *views[:at]] if undecided(view)]
    return next((view for view in waiting if view.disputed), waiting[0] if waiting else None)


def _choose(criterion_id: str, requirement_id: str = "") -> None:
    st.session_state[CRITERION] = criterion_id
    st.session_state[REQUIREMENT] = requirement_id
    st.session_state.pop(SHOWN, None)


def _chosen_criterion(criteria: tuple[Criterion, ...], every: list[FindingView]) -> Criterion:
    """The criterion of the address when the page was just opened by one, else the one chosen last, else the first."""
    known = {criterion.id: criterion for criterion in criteria}
    asked, requirement_id = st.query_params.get(CRITERION, ""), st.query_params.get(REQUIREMENT, "")
    if asked in known and st.session_state.get("address") != (asked, requirement_id):
        _choose(asked, requirement_id)
    chosen = known.get(st.session_state.get(CRITERION, ""))
    if chosen is None:
        waiting = next_undecided(every, "")
        chosen = waiting.criterion if waiting and waiting.criterion.id in known else criteria[0]
        _choose(chosen.id)
    return chosen


def _chosen_requirement(views: list[FindingView]) -> FindingView:
    by_id = {view.requirement.id: view for view in views}
    chosen = by_id.get(st.session_state.get(REQUIREMENT, ""))
    if chosen is None:
        chosen = next((view for view in views if undecided(view)), views[0])
        st.session_state[REQUIREMENT] = chosen.requirement.id
    address = (chosen.criterion.id, chosen.requirement.id)
    st.query_params.from_dict({CRITERION: address[0], REQUIREMENT: address[1]})
    st.session_state["address"] = address
    return chosen


def _picker(criteria: tuple[Criterion, ...], criterion: Criterion, every: list[FindingView]) -> None:
    ids = [one.id for one in criteria]
    titles = {one.id: f"{one.id}  {one.title}" for one in criteria}
    at = ids.index(criterion.id)
    waiting = sum(undecided(view) for view in every)
    st.session_state["criterion_picker"] = criterion.id
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            "", icon=":material/chevron_left:", help="Criterion before", key="previous_criterion", shortcut="Alt+Left",
            disabled=at == 0, on_click=_choose, args=(ids[max(0, at - 1)],),
        )  # fmt: skip
        st.selectbox(
            "Criterion", ids, key="criterion_picker", format_func=lambda one: titles[one], label_visibility="collapsed",
            on_change=lambda: _choose(st.session_state["criterion_picker"]),
        )  # fmt: skip
        st.button(
            "", icon=":material/chevron_right:", help="Next criterion", key="next_criterion", shortcut="Alt+Right",
            disabled=at == len(ids) - 1, on_click=_choose, args=(ids[min(len(ids) - 1, at + 1)],),
        )  # fmt: skip

        def advance() -> None:
            found = next_undecided(every, st.session_state.get(REQUIREMENT, ""))
            if found is not None:
                _choose(found.criterion.id, found.requirement.id)

        st.button(
            f"Next undecided ({waiting})", icon=":material/skip_next:", key="next_undecided", shortcut="N",
            disabled=not waiting, on_click=advance, wrap=False,
        )  # fmt: skip


def _about(criterion: Criterion) -> None:
    with st.expander(f"**{inert(criterion.title)}**: {inert(shorten(criterion.asks, 150))}"):
        st.markdown(inert(criterion.asks))
        if criterion.guidance:
            st.markdown(f"**What an assessor looks at.** {inert(criterion.guidance)}")
        if criterion.not_applicable_when:
            st.markdown(f"**Does not apply to.** {inert(criterion.not_applicable_when)}")
        if criterion.on_site_only:
            st.markdown("**Only seen on site.** " + inert("; ".join(criterion.on_site_only)) + "\\.")
        parts = [AREA[criterion.area], criterion.category, ", ".join(criterion.related_standards)]
        small(" · ".join(part for part in parts if part))


def _requirements(views: list[FindingView], chosen: FindingView) -> None:
    for view in views:
        here = view.requirement.id == chosen.requirement.id
        with st.container(gap=None, key=f"requirement_{'here_' if here else ''}{view.requirement.id}"):
            with row():
                st.button(
                    f"**{inert(view.requirement.id)}**",
                    key=f"open_{view.requirement.id}",
                    type="tertiary",
                    help=inert(view.requirement.text),
                    on_click=_choose,
                    args=(view.criterion.id, view.requirement.id),
                )
                chip(STATUS[view.finding.status])
                if view.disputed:
                    chip(DISPUTED, tip="The two judges disagree: look here first")
                if view.decided:
                    chip(Sign(str(view.decided), "done_all", "", "green"), tip=f"{view.decided} decided")
            small(shorten(view.requirement.text, SUMMARY))


def _proposals(service: Service, view: FindingView) -> None:
    requirement, finding = view.requirement, view.finding
    with row():
        chip(status_sign(finding.status))
        if requirement.critical:
            chip(Sign("Critical", "priority_high", "!", "orange"))
        for kind in requirement.kinds:
            chip(Sign(KIND[kind], "sell", "", "gray"), tip="A kind of evidence this requirement asks for")
    st.markdown(f"**{inert(requirement.id)}** {inert(requirement.text)}")
    if requirement.definition or requirement.evidence_examples:
        with st.expander("What it means, and what would be evidence", icon=":material/help:"):
            if requirement.definition:
                small(requirement.definition)
            if requirement.evidence_examples:
                small("Would be evidence: " + "; ".join(requirement.evidence_examples) + ".")
    for note in finding.notes:
        st.info(inert(note), icon=":material/info:")
    gap_first = finding.status is Status.GAP
    key = f"{view.run_id}_{requirement.id}"
    if gap_first:
        gap_card(service, view, key=key)
    if view.evidence:
        st.markdown(f"**{count(len(view.evidence), 'proposed quote')}**")
    first = next((at for at, one in enumerate(view.evidence) if one.decision is None), None)
    for at, one in enumerate(view.evidence):
        evidence_card(service, one, view.run_id, key=f"{key}_{at}", shortcut="Y" if at == first else None)
    if not gap_first:
        gap_card(service, view, key=key)
    if finding.search is not None and finding.gap is None:
        searched(finding.search, key=key)
    if finding.quotes_failed:
        small(f"{count(finding.quotes_failed, 'proposed quote')} did not stand in the page and are not shown.")
    _orphans(view)


def _orphans(view: FindingView) -> None:
    if not view.orphaned:
        return
    with st.expander(
        f"{count(len(view.orphaned), 'decision')} on what is no longer proposed", icon=":material/history:"
    ):
        for decision in view.orphaned:
            small(f"{decision.verdict.value} by {decision.person}: {decision.reason or 'no reason given'}")
            quote = getattr(decision.proposal, "quote", "")
            if quote:
                st.text(f"“{plain(quote)}”")


def _picture(service: Service, view: FindingView) -> None:
    items = [one.evidence for one in view.evidence] + ([view.best.evidence] if view.best else [])
    places = [place_of(item) for item in items]
    if not places:
        st.space("large")
        st.markdown(":material/find_in_page: No page to show.", text_alignment="center")
        st.caption(
            "It does not apply to this site, so nothing was searched for it."
            if view.finding.status is Status.NOT_APPLICABLE
            else "Nothing was found for this requirement; the gap says what was searched.",
            text_alignment="center",
        )
        return
    if st.session_state.get(SHOWN) not in places:
        st.session_state[SHOWN] = places[0]
        st.rerun()
    show(service, st.session_state[SHOWN], key="review")
