"""Documents: bring files in, see what became of each, problems first; open one to look at what was read from it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from assistant.access import Action
from assistant.errors import AssayError
from assistant.ui import session
from assistant.ui.chips import acting, empty, trouble
from assistant.ui.document_detail import SUSPICIONS, detail
from assistant.ui.inert import inert, plain
from assistant.ui.progress import Bar
from assistant.ui.words import READ, count
from ingestion.models import ReadStatus

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from assistant.service import AddResult, DocumentView, Notice, Service

Noticed = Mapping[str, Sequence["Notice"]]
"""What was noticed about documents, by their hashes."""

CHOSEN = "document"
LOOK = "To look at"
TABLE = "documents_table"
_ROUND = "upload_round"
_LAST = "last_added"
_ORDER = {ReadStatus.UNREADABLE: 0, ReadStatus.PARTLY: 1, ReadStatus.SKIPPED: 2, ReadStatus.READ: 2}


def page(service: Service) -> None:
    """Draw the page."""
    st.title("Documents", anchor=False)
    noticed = session.noticed(service)
    documents = problems_first(service.documents(), noticed)
    _adding(service, first=not documents)
    _last_added()
    if not documents:
        empty("upload_file", "No documents yet", "Drop files above, or run assay add FOLDER for a whole folder.")
        return
    chosen = _chosen(documents)
    shown = _filtered(documents, noticed)
    _table(shown, noticed, chosen)
    _picker(documents, chosen)
    if chosen is not None:
        detail(service, chosen, noticed.get(chosen.sha256, ()))


def problems_first(documents: Sequence[DocumentView], noticed: Noticed) -> list[DocumentView]:
    """What could not be read, then what was partly read, has suspicions, or needs a look; by name in each."""
    return sorted(
        documents,
        key=lambda one: (
            _ORDER[one.status], not one.suspicions, one.sha256 not in noticed, one.name.casefold(), one.sha256
        ),
    )  # fmt: skip


def _adding(service: Service, *, first: bool) -> None:
    allowed = service.may(Action.ADD)
    with st.expander("Add documents", expanded=first, icon=":material/upload_file:"):
        files = st.file_uploader(
            "PDF, Word, Excel, PowerPoint, HTML, text, mail, pictures and scans; many at once",
            accept_multiple_files=True,
            key=f"upload_{st.session_state.get(_ROUND, 0)}",
            disabled=not allowed,
        )
        if not allowed:
            st.caption("Documents are added by a producer or an administrator; sign in as one on the left.")
        elif files and st.button(
            f"Read {count(len(files), 'file')}", icon=":material/menu_book:", type="primary", key="read_files"
        ):
            _read(service, files)


def _read(service: Service, files: Sequence[UploadedFile]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="assay-upload-"))
    bar = Bar()
    results: list[AddResult] = []
    try:
        paths = [_written(folder / str(at), file) for at, file in enumerate(files)]
        bar(0, len(paths), "reading")
        for result in service.add(paths):
            results.append(result)
            bar(len(results), len(paths), f"read {result.name}")
    except AssayError as error:
        trouble(error)
        return
    finally:
        bar.finish()
        shutil.rmtree(folder, ignore_errors=True)
    st.session_state[_LAST] = results
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    acting(lambda: None, said=f"{count(len(results), 'file')} read.")
    st.rerun()


def _written(folder: Path, file: UploadedFile) -> Path:
    """The upload as a file of its own name; a path that a browser sends along is left out."""
    folder.mkdir()
    name = Path(file.name.replace("\\", "/")).name or "unnamed"
    path = folder / name
    path.write_bytes(file.getbuffer())
    return path


def _last_added() -> None:
    results: list[AddResult] = st.session_state.get(_LAST, [])
    if not results:
        return
    bad = [result for result in results if result.status is not ReadStatus.READ]
    read = len(results) - len(bad)
    sentence = (
        f"{count(read, 'file')} of {len(results)} read, {count(sum(result.pages for result in results), 'page')}."
    )
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/task_alt: **Just added.** {inert(sentence)}", width="stretch")
            st.button("Close", icon=":material/close:", type="tertiary", key="close_added", on_click=_forget_added)
        for result in bad:
            sign = READ[result.status]
            st.markdown(f"{sign.material} {inert(f'{result.name}: {sign.word.lower()}; {result.reason}')}")


def _forget_added() -> None:
    st.session_state.pop(_LAST, None)


def _filtered(documents: list[DocumentView], noticed: Noticed) -> list[DocumentView]:
    search, kind_column, only = st.columns([3, 3, 3], vertical_alignment="top")
    wanted = search.text_input(
        "Search", key="documents_search", icon=":material/search:", placeholder="Name, title or scope"
    )
    kinds = sorted({document.kind for document in documents if document.kind})
    kind = kind_column.multiselect("Kind", kinds, key="documents_kind", placeholder="All")
    sizes = {"All": len(documents), LOOK: len(noticed)}
    show = only.segmented_control(
        "Show", [*sizes], default="All", key="documents_show", required=True,
        format_func=lambda one: f"{one} ({sizes[one]})",
    )  # fmt: skip
    return [
        document
        for document in documents
        if wanted.strip().casefold() in f"{document.name} {document.title} {document.scope}".casefold()
        and (not kind or document.kind in kind)
        and (show != LOOK or document.sha256 in noticed)
    ]


def _table(shown: list[DocumentView], noticed: Noticed, chosen: DocumentView | None) -> None:
    if not shown:
        empty("filter_alt_off", "No document fits these filters", "Take a filter away to see more.")
        return
    event: Any = st.dataframe(
        {
            "read": [[READ[document.status].plain] for document in shown],
            "name": [plain(document.name) for document in shown],
            "look": [_to_look_at(document, noticed.get(document.sha256, ())) for document in shown],
            "kind": [plain(document.kind).capitalize() for document in shown],
            "language": [document.language for document in shown],
            "issued": [document.issued for document in shown],
            "until": [document.valid_until or document.review_due for document in shown],
            "state": [plain(document.document_status).capitalize() for document in shown],
            "scope": [plain(document.scope) for document in shown],
            "pages": [document.pages for document in shown],
        },
        key=TABLE,
        hide_index=True,
        row_height=30,
        height=min(36 + 30 * len(shown) + 2, 400),
        selection_mode="single-cell",
        on_select="rerun",
        alt="The documents; choose a row to open it below",
        column_config={
            "read": st.column_config.MultiselectColumn(
                "Read", options=[s.plain for s in READ.values()], color=[s.colour for s in READ.values()], width=105
            ),
            "name": st.column_config.TextColumn("Document", width=215),
            "look": st.column_config.TextColumn(
                LOOK, width=150, help="Not (fully) read, not in force, of another site, or with suspicious text"
            ),
            "kind": st.column_config.TextColumn("Kind", width=80),
            "language": st.column_config.TextColumn("Lang.", width=45),
            "issued": st.column_config.TextColumn("Issued", width=82),
            "until": st.column_config.TextColumn(
                "Valid until", width=84, help="End of validity, else the review due date"
            ),
            "state": st.column_config.TextColumn("Status", width=75),
            "scope": st.column_config.TextColumn("Scope", width=90),
            "pages": st.column_config.NumberColumn("Pages", width=54),
        },
    )
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(shown):
        picked = shown[cells[0][0]].sha256
        if st.session_state.get("document_clicked") != (cells[0], picked):
            st.session_state["document_clicked"] = (cells[0], picked)
            if chosen is None or chosen.sha256 != picked:
                st.session_state[CHOSEN] = picked
                st.rerun()


def _to_look_at(document: DocumentView, notices: Sequence[Notice]) -> str:
    suspicious = f"⚠ {count(document.suspicions, 'suspicion')}" if document.suspicions else ""
    parts = [notice.word.capitalize() or notice.sentence for notice in notices if notice.word not in SUSPICIONS]
    return "; ".join(part for part in (suspicious, *(plain(part) for part in parts)) if part)


def _chosen(documents: list[DocumentView]) -> DocumentView | None:
    asked = st.query_params.get(CHOSEN, "")
    if asked:
        st.session_state[CHOSEN] = asked
        del st.query_params[CHOSEN]
    sha256 = st.session_state.get(CHOSEN, "")
    return next((document for document in documents if document.sha256 == sha256), None)


def _picker(documents: list[DocumentView], chosen: DocumentView | None) -> None:
    by_sha = {document.sha256: document for document in documents}
    st.session_state["document_picker"] = chosen.sha256 if chosen else None

    def pick() -> None:
        st.session_state[CHOSEN] = st.session_state["document_picker"] or ""

    st.selectbox(
        "Open a document",
        list(by_sha),
        key="document_picker",
        format_func=lambda sha256: plain(by_sha[sha256].name),
        on_change=pick,
        placeholder="Choose a row above, or a name here",
        icon=":material/description:",
        label_visibility="collapsed",
    )
