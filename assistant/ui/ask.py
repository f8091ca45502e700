"""Ask: a conversation whose every sentence is cited; a citation opens at its place beside the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import streamlit as st

from assistant.access import Action
from assistant.errors import AssayError
from assistant.ui import session
from assistant.ui.chips import row, small, trouble, working_text
from assistant.ui.inert import inert, plain, shorten
from assistant.ui.place import Place, show

if TYPE_CHECKING:
    from assistant.chat.models import Answer, Citation
    from assistant.service import Service

CONVERSATION = "pages"
"""The conversation of the pages; the command line has its own."""
OPEN = "citation_open"
PANE_HEIGHT = 560
"""Pixels of the conversation and of the place beside it."""

EXAMPLES: tuple[str, ...] = (
    "What does criterion 31 expect from a smelter?",
    "Where do we speak of tailings emergency drills?",
    "Which requirements are still open, and why?",
    "When does our ISO 14001 certificate expire?",
    "What would close the gaps of criterion 19?",
)
"""Questions of the three kinds that can be asked: the criteria, the documents, the review."""

NOT_FOUND = "Nothing was found that answers this."
"""Said where the answer itself does not say in its first note what it was not found in."""
_ICON = {"document": "description", "catalogue": "menu_book", "review": "rate_review"}
_LABEL = 58
_NEAR = 160
"""Characters shown of a passage that comes near without answering."""


def page(service: Service) -> None:
    """Draw the page."""
    st.title("Ask", anchor=False)
    said = service.messages(CONVERSATION)
    asked = st.session_state.pop("example_question", "") or st.session_state.pop("typed_question", "")
    talk, beside = st.columns([5, 4], gap="medium")
    with talk:
        pane = st.container(height=PANE_HEIGHT, border=False, autoscroll=True)
        with pane:
            if not said and not asked:
                _examples()
            for at, message in enumerate(said):
                _message(message.role, message.value, key=f"said_{message.id}", last=at == len(said) - 1 and not asked)
        st.chat_input(
            "Ask about the criteria, your documents, or the review", key="question", on_submit=_typed, max_chars=1000,
            disabled=not service.may(Action.ASK),
        )  # fmt: skip
    with beside, st.container(height=PANE_HEIGHT, border=True):
        _beside(service)
    if asked:
        with pane:
            _ask(service, asked)


def _typed() -> None:
    st.session_state["typed_question"] = st.session_state["question"] or ""


def _examples() -> None:
    st.markdown("**What would you like to know?**")
    small("Every sentence of an answer is cited. What is not in your documents is said not to be there.")
    for at, example in enumerate(EXAMPLES):
        st.button(
            inert(example), key=f"example_{at}", icon=":material/chat_bubble:", width="stretch",
            on_click=lambda chosen: st.session_state.update(example_question=chosen), args=(example,),
        )  # fmt: skip


def _ask(service: Service, question: str) -> None:
    _question(question, key="now")
    with st.chat_message("assistant", avatar=":material/experiment:"):
        try:
            with st.spinner("Looking through criteria, documents and review…"):
                pieces = iter(service.ask_stream(question, CONVERSATION))
                first = next(pieces, None)
            st.write_stream(_written(first, pieces))
        except AssayError as error:
            trouble(error)
            return
    st.session_state.pop(OPEN, None)  # the first citation of the new answer takes the place of the old one's
    st.rerun()


def _written(first: Any, pieces: Iterator[Any]) -> Iterator[str]:
    """The pieces of an answer as Markdown in which nothing is Markdown. The whole answer at the end is drawn later."""
    for piece in (*(() if first is None else (first,)), *pieces):
        if isinstance(piece, str):
            yield _edges(piece)
        elif hasattr(piece, "citations"):
            yield inert(piece.text) + " "


def _edges(piece: str) -> str:
    """A piece made inert, with the spaces at its edges kept, since it continues the piece before it."""
    before, after = piece[:1].isspace(), piece[-1:].isspace()
    return f"{' ' if before else ''}{inert(piece)}{' ' if after and piece.strip() else ''}"


def _question(text: str, *, key: str) -> None:
    with st.container(key=f"asked_{key}"), st.chat_message("user", avatar=":material/person:"):
        st.text(plain(text))


def _message(role: str, value: dict[str, Any], *, key: str, last: bool) -> None:
    if role == "person":
        _question(str(value.get("text", "")), key=key)
        return
    from assistant.chat.models import Answer

    with st.chat_message("assistant", avatar=":material/experiment:"):
        answer(Answer.model_validate(value), key=key, open_first=last)


def answer(given: Answer, *, key: str, open_first: bool = False) -> None:
    """An answer with numbered citations; each opens at its place."""
    cited = list(dict.fromkeys(citation for sentence in given.sentences for citation in sentence.citations))
    if open_first and OPEN not in st.session_state and cited:
        st.session_state[OPEN] = cited[0]
    if not given.found:
        st.markdown(f":material/search_off: **{inert(given.notes[0] if given.notes else NOT_FOUND)}**")
        if given.nearest:
            small("What comes closest:")
            for at, near in enumerate(given.nearest):
                _citation(near, "", key=f"{key}_near_{at}")
                if near.quote:
                    small(f"“{shorten(near.quote, _NEAR)}”")
    for sentence in given.sentences:
        numbers = " ".join(f":gray-badge[{cited.index(citation) + 1}]" for citation in sentence.citations)
        st.markdown(f"{inert(sentence.text)} {numbers}")
    with row():
        for at, citation in enumerate(cited):
            _citation(citation, f"{at + 1} · ", key=f"{key}_{at}")
    for note in given.notes if given.found else given.notes[1:]:
        small(note)
    if given.unverified:
        with st.expander(f"Left out: {len(given.unverified)} not borne out by what they cite", icon=":material/block:"):
            for sentence_left_out in given.unverified:
                st.text(plain(sentence_left_out))
    notice = session.service().framework().notice
    if any(citation.kind == "catalogue" for citation in cited) and notice not in given.notes:
        working_text(notice)


def _citation(citation: Citation, number: str, *, key: str) -> None:
    st.button(
        f"{number}{inert(shorten(citation.label, _LABEL))}",
        icon=f":material/{_ICON[citation.kind]}:",
        key=f"cite_{key}",
        type="secondary" if st.session_state.get(OPEN) == citation else "tertiary",
        help=inert(citation.quote, 240) or None,
        on_click=lambda: st.session_state.update({OPEN: citation}),
    )


def _beside(service: Service) -> None:
    citation: Citation | None = st.session_state.get(OPEN)
    if citation is None:
        st.space("large")
        st.markdown(":material/format_quote: Citations open here.", text_alignment="center")
        st.caption("Choose one under an answer to see the page it comes from.", text_alignment="center")
        return
    if citation.kind == "document":
        show(service, Place(citation.sha256, citation.page, citation.start, citation.end, citation.label), key="ask")
        return
    st.markdown(f":material/{_ICON[citation.kind]}: **{inert(citation.label)}**")
    with st.container(border=True):
        st.text(plain(citation.quote))
    if citation.kind == "catalogue":
        working_text(service.framework().notice)
    criterion = citation.criterion_id
    if not criterion and citation.requirement_id:
        criterion = service.framework().find(citation.requirement_id)[0].id
    if criterion:
        parameters = {"criterion": criterion} | (
            {"requirement": citation.requirement_id} if citation.requirement_id else {}
        )
        session.link("review", f"Open criterion {inert(criterion)} in Review", ":material/rate_review:", **parameters)
