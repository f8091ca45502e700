"""What one browser session works with: the workspace as the person signed in uses it, ways between pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from assistant.access import Mode, Person
from assistant.config import load_settings

if TYPE_CHECKING:
    from assistant.service import Notice, Service
    from assistant.service.parts import EngineFactory

ENGINE_FACTORY: EngineFactory | None = None
"""Replaces the workspace's engine; the pages' tests set one that follows a script."""

_SERVICE = "service_of_this_run"
_PAGES = "pages_of_this_run"
PICTURES_KEPT = 64
"""Page pictures kept in memory, about 150 KB each."""


@st.cache_resource(show_spinner="Opening the workspace…")  # type: ignore[untyped-decorator, unused-ignore]
def opened(workspace: str, mode: Mode) -> Service:
    """The service on a workspace, shared by all sessions of this process. Nobody is signed in on it."""
    from assistant.service import Service

    folder = Path(workspace)
    return Service.open(folder, settings=load_settings(folder), mode=mode, engine_factory=ENGINE_FACTORY)


def use(workspace: Path, mode: Mode, person: Person | None) -> Service:
    """Open the workspace for this run of the page. Raises `WorkspaceError`."""
    found: Service = opened(str(workspace), mode).signed_in(person)
    st.session_state[_SERVICE] = found
    return found


def service() -> Service:
    """The service that `use` opened for this run."""
    found: Service = st.session_state[_SERVICE]
    return found


def remember_pages(pages: dict[str, Any]) -> None:
    """Keep the pages by name, so that one page can lead to another."""
    st.session_state[_PAGES] = pages


def go(page: str, **parameters: str) -> None:
    """Open another page with query parameters; the rest of this run is not carried out."""
    st.switch_page(st.session_state[_PAGES][page], query_params=parameters)


def link(page: str, label: str, icon: str, **parameters: str) -> None:
    """A link to another page."""
    st.page_link(st.session_state[_PAGES][page], label=label, icon=icon, query_params=parameters or None)


def noticed(service: Service) -> dict[str, tuple[Notice, ...]]:
    """What a person should look at in the documents, worked out again only when documents, site or day change."""
    state = repr((service.documents(), service.site(), service.today()))
    found: dict[str, tuple[Notice, ...]] = _noticed(str(service.workspace), state, service)
    return found


@st.cache_data(show_spinner=False, max_entries=8)  # type: ignore[untyped-decorator, unused-ignore]
def _noticed(workspace: str, state: str, _service: Service) -> dict[str, tuple[Notice, ...]]:
    return _service.noticed()


@st.cache_data(show_spinner=False, max_entries=PICTURES_KEPT)  # type: ignore[untyped-decorator, unused-ignore]
def picture(
    workspace: str, sha256: str, page: int, start: int, end: int, width: int, _service: Service
) -> bytes | None:
    """The page picture with the words between the offsets marked; `None` where the document has no page pictures."""
    return _service.picture(sha256, page, start, end, width=width)


@st.cache_data(show_spinner=False, max_entries=10 * PICTURES_KEPT)  # type: ignore[untyped-decorator, unused-ignore]
def pages_of(workspace: str, sha256: str, _service: Service) -> tuple[str, int]:
    """The name of a document and how many pages it has."""
    document = _service.document(sha256)
    return document.name, len(document.pages)
