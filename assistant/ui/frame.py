"""The frame around every page: navigation, the site, who is signed in, and the form where no workspace is yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import streamlit as st

from assistant.config import load_settings
from assistant.errors import AssayError
from assistant.store.database import DATABASE_FILE
from assistant.ui import look, session
from assistant.ui.chips import say_what_happened, small, trouble
from assistant.ui.inert import inert
from assistant.ui.signin import identity, mode
from assistant.ui.words import SITE_KIND


@dataclass(frozen=True)
class PageSpec:
    """A page: its title, its icon, and the module whose `page()` draws it, loaded when the page is opened."""

    title: str
    icon: str
    module: str


PAGES: dict[str, PageSpec] = {
    "readiness": PageSpec("Readiness", "checklist", "assistant.ui.readiness"),
    "documents": PageSpec("Documents", "folder_open", "assistant.ui.documents"),
    "review": PageSpec("Review", "rate_review", "assistant.ui.review"),
    "ask": PageSpec("Ask", "forum", "assistant.ui.ask"),
    "export": PageSpec("Export", "download", "assistant.ui.export"),
}
"""The pages by the name in their address."""

SIDEBAR_WIDTH = 230
"""Pixels; leaves 1,050 of a 1,280 pixel screen to the page."""


def start(first: str = "readiness") -> None:
    """Draw the frame and the page that is open; `first` is the one that opens at the bare address."""
    st.set_page_config(page_title="Assay", page_icon=look.icon(), layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
    look.dress()
    pages = {
        name: st.Page(
            _drawing(name), title=spec.title, icon=f":material/{spec.icon}:", url_path=name, default=name == first
        )
        for name, spec in PAGES.items()
    }
    session.remember_pages(pages)
    current = st.navigation(list(pages.values()))
    try:
        settings = load_settings()
        signing_in = mode()
        with st.sidebar:
            person = identity(settings, signing_in)
        if signing_in == "team" and person is None:
            st.title("Assay")
            st.write("Sign in on the left to see this workspace.")
            return
        if not settings.database and not (settings.workspace / DATABASE_FILE).is_file():
            import_module("assistant.ui.setup").page(settings, person)
            return
        service = session.use(settings.workspace, signing_in, person)
        with st.sidebar:
            _site(service.site().name, [SITE_KIND[kind] for kind in service.site().kinds])
        say_what_happened()
        current.run()
    except AssayError as error:
        trouble(error)


def _drawing(name: str) -> Callable[[], None]:
    """The function that draws a page; its name is the page's address."""

    def draw() -> None:
        import_module(PAGES[name].module).page(session.service())

    draw.__name__ = name
    return draw


def _site(name: str, kinds: list[str]) -> None:
    st.space("small")
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{inert(name)}**")
        small(" and ".join(kinds))
        if st.button("Describe the site", icon=":material/tune:", type="tertiary", key="describe_site"):
            import_module("assistant.ui.setup").change(session.service())
