"""The site: the form that makes a workspace where none is yet, and the dialog that changes its description later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from assistant.access import Action, Person
from assistant.catalogue.applicability import FACT_WORDS
from assistant.config import Settings
from assistant.errors import AssayError, WorkspaceError
from assistant.models import Site, SiteFact, SiteKind
from assistant.ui.chips import small, trouble
from assistant.ui.words import SITE_FACT, SITE_KIND

if TYPE_CHECKING:
    from assistant.service import Service

_ANSWERS = ("Not known", "Yes", "No")
_NEXT = (
    ":material/counter_1: **Describe the site.** It decides which of the criteria apply.",
    ":material/counter_2: **Add documents.** PDF, Word, Excel, PowerPoint, web pages, mails, scans: in one go.",
    ":material/counter_3: **Match.** Every requirement is searched; quotes are proposed with their place, gaps named.",
    ":material/counter_4: **Review.** You confirm or reject, and rate. Nothing counts until a person says so.",
)


def page(settings: Settings, person: Person | None) -> None:
    """The page where there is no workspace yet."""
    st.title("Begin a review", anchor=False)
    st.write("Assay reads a site's documents against the criteria and shows what speaks for each, and what is missing.")
    form, after = st.columns([3, 2], gap="large")
    with after:
        st.subheader("What happens next", anchor=False)
        for step in _NEXT:
            st.markdown(step)
        with st.container(border=True):
            st.markdown("**Where it is kept**")
            st.text(str(settings.workspace.resolve()))
            small("Everything stays in this folder on this machine. No document leaves it.")
    with form, st.form("site", border=True):
        site = _fields(None)
        made = st.form_submit_button("Make the workspace", type="primary", icon=":material/arrow_forward:")
    if not made:
        return
    if site is None:
        trouble(WorkspaceError("The site needs a name and at least one kind; fill them in, then make the workspace."))
        return
    from assistant.service import Service

    try:
        Service.create(settings.workspace, site, settings.framework, person).close()
    except AssayError as error:
        trouble(error)
        return
    from assistant.ui.session import go

    go("documents")


@st.dialog("Describe the site", width="large")  # type: ignore[untyped-decorator, unused-ignore]
def change(service: Service) -> None:
    """The dialog in which the description of the site is changed."""
    with st.form("site", border=False):
        site = _fields(service.site())
        st.caption("What applies changes with the next matching. Decisions already made stay.")
        allowed = service.may(Action.SITE)
        kept = st.form_submit_button("Keep", type="primary", icon=":material/save:", disabled=not allowed)
    if not kept:
        return
    if site is None:
        trouble(WorkspaceError("The site needs a name and at least one kind; fill them in, then keep it."))
        return
    try:
        service.change_site(site)
    except AssayError as error:
        trouble(error)
        return
    st.rerun()


def _fields(site: Site | None) -> Site | None:
    """The fields of a site, filled from `site`; the site they describe, `None` while it cannot be one."""
    left, right = st.columns([3, 2])
    name = left.text_input(
        "Site", value=site.name if site else "", key="site_name", placeholder="Name as the documents write it"
    )
    country = right.text_input("Country", value=site.country if site else "")
    kinds = st.pills(
        "Kinds of site",
        list(SiteKind),
        selection_mode="multi",
        default=list(site.kinds) if site else [SiteKind.MINE],
        format_func=lambda kind: SITE_KIND[kind],
    )
    left, right = st.columns(2)
    group = left.text_input("Group or owner", value=site.group if site else "")
    aliases = right.text_input(
        "Other names of the site", value=", ".join(site.aliases) if site else "", placeholder="Separated by commas"
    )
    others = st.text_input(
        "Other sites of the group",
        value=", ".join(site.other_sites) if site else "",
        placeholder="Their documents do not close a requirement of this site; separated by commas",
    )
    st.markdown("**What is there** (what is not known counts as there)")
    facts = {}
    columns = st.columns(2)
    for at, fact in enumerate(SiteFact):
        known = site.facts.get(fact) if site else None
        answer = columns[at % 2].segmented_control(
            SITE_FACT[fact],
            _ANSWERS,
            default=_ANSWERS[0] if known is None else _ANSWERS[1] if known else _ANSWERS[2],
            help=f"Say yes when {FACT_WORDS[fact]}.",
            key=f"site_fact_{fact}",
        )
        if answer in _ANSWERS[1:]:
            facts[fact] = answer == _ANSWERS[1]
    if not kinds:
        return None
    try:
        return Site(
            name=name,
            kinds=tuple(kinds),
            country=country.strip(),
            group=group.strip(),
            aliases=_list(aliases),
            other_sites=_list(others),
            facts=facts,
        )
    except ValidationError:
        return None


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
