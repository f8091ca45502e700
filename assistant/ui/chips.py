"""Small parts that many pages use: chips, the sentence for an error, the note on working text, empty states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from assistant.errors import AssayError
from assistant.ui.inert import inert
from assistant.ui.words import Sign

_SAID = "said_after_action"


def chip(sign: Sign, text: str = "", tip: str = "") -> None:
    """A chip with icon, word and colour; `text` replaces the word."""
    # Not st.badge: it escapes brackets once more, and the reader would see our backslashes.
    st.markdown(badge(sign, text), width="content", help=inert(tip) if tip else None)


def badge(sign: Sign, text: str = "") -> str:
    """The chip as Markdown, to stand in a line of text."""
    return f":{sign.colour}-badge[{sign.material} {inert(text or sign.word)}]"


def row() -> st.delta_generator.DeltaGenerator:
    """A line of chips and buttons that wraps."""
    return st.container(horizontal=True, gap="xsmall", vertical_alignment="center")


def small(text: str) -> None:
    """A line of small text in which nothing is Markdown."""
    st.caption(inert(text))


def working_text(notice: str) -> None:
    """The note that catalogue words are our own."""
    st.caption(f":material/info: {inert(notice)}")


def empty(icon: str, title: str, what_to_do: str) -> None:
    """An empty state: what is not there, and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.space("small")
        st.markdown(f"### :material/{icon}: {inert(title)}", text_alignment="center", anchors=False)
        st.markdown(inert(what_to_do), text_alignment="center")
        st.space("small")


def trouble(error: Exception) -> None:
    """An error as the one sentence it carries."""
    st.error(inert(str(error)), icon=":material/error:")


@contextmanager
def told() -> Iterator[None]:
    """Show an `AssayError` raised inside as a sentence instead of ending the page."""
    try:
        yield
    except AssayError as error:
        trouble(error)


def acting(action: Callable[..., object], *args: object, said: str = "", **kwargs: object) -> None:
    """Do something a button asks for; what came of it is said on the page that follows."""
    try:
        action(*args, **kwargs)
    except AssayError as error:
        st.session_state[_SAID] = (False, str(error))
    else:
        st.session_state[_SAID] = (True, said)


def say_what_happened() -> None:
    """Say what came of the last action, once."""
    well, sentence = st.session_state.pop(_SAID, (True, ""))
    if not sentence:
        return
    if well:
        st.toast(inert(sentence), icon=":material/check:")
    else:
        st.error(inert(sentence), icon=":material/error:")
