"""The place of a quote: the page's picture with the words marked, or the page's text with the quote set apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import AssayError
from assistant.ui import session
from assistant.ui.chips import small, trouble
from assistant.ui.inert import inert, plain
from assistant.ui.words import count

if TYPE_CHECKING:
    from assistant.service import Service
    from ingestion.models import Page

WIDTH = 1100
"""Pixels of a page picture: sharp at the width of the pane and readable when it fills the screen."""
NAME = 44
"""Characters of a document's name above its page."""
AROUND = 1500
"""Characters of page text shown before and after a quote."""


@dataclass(frozen=True)
class Place:
    """Characters `start` to `end` of a page; equal offsets mark nothing."""

    sha256: str
    page: int
    start: int = 0
    end: int = 0
    document: str = ""


def show(service: Service, place: Place, *, key: str) -> None:
    """Show a page with the words at the place marked; other pages of the document can be turned to."""
    turned = f"turned_{key}"
    at: Place = st.session_state.get(turned, place)
    if at.sha256 != place.sha256 or st.session_state.get(f"{turned}_from") != place:
        at = place
        st.session_state[turned], st.session_state[f"{turned}_from"] = at, place
    try:
        name, pages = session.pages_of(str(service.workspace), place.sha256, _service=service)
        page = service.page(at.sha256, at.page)
        image = session.picture(str(service.workspace), at.sha256, at.page, at.start, at.end, WIDTH, _service=service)
    except AssayError as error:
        trouble(error)
        return
    _turning(place, at, page, pages, turned, name)
    if image is not None:
        st.image(image, width="stretch", alt=f"Page {at.page} of {plain(name)}")
    else:
        _text(page, at.start, at.end)
    if page.source == "ocr":
        small("The text of this page was recognised from a picture; compare it with the picture.")


def label(page: Page) -> str:
    """What a reader calls the page: its number, and its own label where that differs."""
    return f"page {page.number}" + (f" ({page.label})" if page.label and page.label != str(page.number) else "")


def _turning(place: Place, at: Place, page: Page, pages: int, turned: str, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        st.caption(f"**{inert(name, NAME)}**", width="stretch")
        if at.page != place.page:
            _turn(turned, place, "Quote", "my_location", disabled=False, tip="Back to the page of the quote")
        before = Place(at.sha256, at.page - 1) if at.page - 1 != place.page else place
        after = Place(at.sha256, at.page + 1) if at.page + 1 != place.page else place
        _turn(turned, before, "", "chevron_left", disabled=at.page <= 1, tip="Page before")
        st.caption(inert(f"{label(page)} of {pages}"), width="content")
        _turn(turned, after, "", "chevron_right", disabled=at.page >= pages, tip="Next page")


def _turn(turned: str, to: Place, text: str, icon: str, *, disabled: bool, tip: str) -> None:
    def turn() -> None:
        st.session_state[turned] = to

    st.button(
        text,
        icon=f":material/{icon}:",
        key=f"{turned}_{icon}",
        on_click=turn,
        disabled=disabled,
        help=tip,
        type="tertiary",
    )


def _text(page: Page, start: int, end: int) -> None:
    """The page's text, as text only, with the quote in a box of its own."""
    text = plain_keeping_offsets(page.text)
    if start >= end:
        with st.container(border=True, height=560):
            st.text(text[: 2 * AROUND * 2] or "This page has no text.")
        return
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    with st.container(border=True):
        if before.strip():
            st.text(("… " if start > AROUND else "") + before.strip())
        with st.container(border=True):
            st.markdown(":orange-badge[:material/format_quote: Quote]")
            st.text(text[start:end])
        if after.strip():
            st.text(after.strip() + (" …" if end + AROUND < len(text) else ""))
    small(f"{count(len(text), 'character')} on this page; shown around the quote.")


def plain_keeping_offsets(text: str) -> str:
    """`text` without what a browser could take for a command, at unchanged offsets."""
    return "".join(char if char == "\n" or char.isprintable() else " " for char in text)
