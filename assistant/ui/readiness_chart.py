"""The chart of the readiness page: for each category, how many requirements have each status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from assistant.ui.words import STATUS

if TYPE_CHECKING:
    from assistant.service import CriterionStatus

ROW_HEIGHT = 35
"""Pixels a category takes."""
LEAST_NUMBER = 2
"""A bar for a single requirement is too narrow for its number; the table and the pointer tell it."""
_ON_BAR = {"light": "#ffffff", "dark": "#171614"}


def rows(criteria: Sequence[CriterionStatus]) -> list[dict[str, str | int]]:
    """One row for each category and status that occurs: the number of requirements."""
    totals: dict[str, Counter[str]] = {}
    for criterion in criteria:
        totals.setdefault(criterion.category or "All", Counter()).update(criterion.counts.model_dump())
    return [
        {
            "category": category,
            "status": sign.word,
            "order": order,
            "requirements": count[status.value.replace(" ", "_")],
        }
        for category, count in totals.items()
        for order, (status, sign) in enumerate(STATUS.items())
        if count[status.value.replace(" ", "_")]
    ]


def chart(criteria: Sequence[CriterionStatus]) -> None:
    """Draw the stacked bars, numbers on them, so that colour is not the only sign."""
    data = rows(criteria)
    categories = list(dict.fromkeys(str(row["category"]) for row in data))
    words = [sign.word for sign in STATUS.values()]
    base = alt.Chart(alt.InlineData(values=data)).encode(
        y=alt.Y("category:N", sort=categories, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False)),
        x=alt.X(
            "requirements:Q",
            stack="zero",
            title=None,
            axis=alt.Axis(tickMinStep=5, grid=False, labels=False, ticks=False, domain=False),
        ),
        order=alt.Order("order:Q"),
        tooltip=[alt.Tooltip("category:N"), alt.Tooltip("status:N"), alt.Tooltip("requirements:Q")],
    )
    bars = base.mark_bar(height=20).encode(
        color=alt.Color(
            "status:N",
            scale=alt.Scale(domain=words),
            legend=alt.Legend(title=None, orient="bottom", columns=3, symbolType="square", labelLimit=120),
        )
    )
    # Small bars keep an empty text: left out, the numbers after them would be stacked as if they were not there.
    numbers = base.mark_text(size=10, fontWeight=600, color=_ON_BAR[st.context.theme.type or "light"]).encode(
        x=alt.X("requirements:Q", stack="zero", bandPosition=0.5),
        text=alt.condition(alt.datum.requirements >= LEAST_NUMBER, alt.Text("requirements:Q"), alt.value("")),
    )
    st.altair_chart(
        (bars + numbers).properties(height=ROW_HEIGHT * max(2, len(categories)) + 55),
        alt="Requirements by category and status",
    )
