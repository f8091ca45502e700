"""The person's own rating of a criterion with its rationale, and the history of decisions and ratings behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.access import Action
from assistant.models import Criterion
from assistant.ui.chips import acting, small
from assistant.ui.inert import plain, shorten
from assistant.ui.signin import why_not
from assistant.ui.words import VERDICT, count, moment

if TYPE_CHECKING:
    from assistant.service import FindingView, Service


def rating_and_history(service: Service, criterion: Criterion, views: list[FindingView]) -> None:
    """The two cards under the panes."""
    rating, history = st.columns([2, 3], gap="medium")
    with rating:
        _rating(service, criterion)
    with history:
        _history(service, criterion, views)


def _rating(service: Service, criterion: Criterion) -> None:
    framework = service.framework()
    own = [rating for rating in service.ratings() if rating.criterion_id == criterion.id]
    latest = own[-1] if own else None
    allowed = service.may(Action.RATE)
    with st.form(f"rate_{criterion.id}", border=True):
        st.markdown("**Your rating of this criterion**")
        if latest is not None:
            small(f"Rated {latest.rating} by {latest.person}, {moment(latest.at)}")
        options = list(framework.ratings)
        chosen = st.segmented_control(
            "Rating", options, default=latest.rating if latest and latest.rating in options else None,
            label_visibility="collapsed", key=f"rating_{criterion.id}", format_func=str.capitalize,
        )  # fmt: skip
        rationale = st.text_area(
            "Rationale", value=latest.rationale if latest else "", key=f"rationale_{criterion.id}", height=90,
            placeholder="What the rating rests on",
        )  # fmt: skip
        if st.form_submit_button("Rate", icon=":material/grade:", type="primary", disabled=not allowed):
            acting(service.rate, criterion.id, chosen or "", rationale, said=f"Criterion {criterion.id} is rated.")
            st.rerun()
        if not allowed:
            small(why_not(service.person, "rate", "an assessor or an administrator"))


def _history(service: Service, criterion: Criterion, views: list[FindingView]) -> None:
    requirements = {view.requirement.id for view in views}
    decisions = [decision for decision in service.decisions() if decision.requirement_id in requirements]
    ratings = [rating for rating in service.ratings() if rating.criterion_id == criterion.id]
    rows = [
        {
            "When": decision.at.astimezone(),
            "Who": plain(decision.person),
            "What": f"{VERDICT[decision.verdict].plain} ({decision.target})",
            "On": decision.requirement_id,
            "Words": shorten(plain(decision.reason or getattr(decision.proposal, "quote", "")), 200),
        }
        for decision in decisions
    ] + [
        {
            "When": rating.at.astimezone(),
            "Who": plain(rating.person),
            "What": f"★ Rated {rating.rating}",
            "On": criterion.id,
            "Words": shorten(plain(rating.rationale), 200),
        }
        for rating in ratings
    ]
    with st.container(border=True):
        st.markdown("**History**")
        small(f"{count(len(decisions), 'decision')}, {count(len(ratings), 'rating')}. Nothing here is ever erased.")
        if rows:
            rows.sort(key=lambda one: str(one["When"]), reverse=True)
            st.dataframe(
                rows,
                hide_index=True,
                height=170,
                column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=130)},
            )
