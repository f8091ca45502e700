"""A progress bar with an estimate of what is left, which long work of the service reports to."""

from __future__ import annotations

import time

import streamlit as st

from assistant.ui.inert import inert

SECONDS_BETWEEN = 0.15
"""Time between two pictures of the bar: more often nobody sees it and the browser is kept busy."""
FIRST_ESTIMATE = 0.03
"""Share of the work to be done before an estimate is worth saying."""


class Bar:
    """A `Progress` that draws itself. Each new total starts the clock again."""

    def __init__(self) -> None:
        self._bar = st.progress(0.0, text="Starting…")
        self._total = 0
        self._began = time.monotonic()
        self._drawn = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show that `done` of `total` (0: unknown) is done, and what is going on."""
        now = time.monotonic()
        if total != self._total:
            self._total, self._began = total, now
        if now - self._drawn < SECONDS_BETWEEN and done < total:
            return
        self._drawn = now
        share = min(done / total, 1.0) if total else 0.0
        self._bar.progress(share, text=inert(sentence(done, total, what, now - self._began)))

    def finish(self) -> None:
        """Take the bar away."""
        self._bar.empty()


def sentence(done: int, total: int, what: str, seconds: float) -> str:
    """What the bar says: "12 of 61 · reading policy.pdf · about 3 min left"."""
    parts = [f"{done} of {total}" if total else f"{done} done", what]
    if total and FIRST_ESTIMATE <= done / total < 1:
        parts.append(f"about {left(seconds / done * (total - done))} left")
    return " · ".join(part for part in parts if part)


def left(seconds: float) -> str:
    """A rough duration: "40 s", "3 min", "2 h 10 min"."""
    if seconds < 60:
        return f"{max(5, round(seconds / 5) * 5)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
