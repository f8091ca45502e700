"""Who is signed in. On one's own machine a name and a role in the sidebar; in a team the identity provider says it.

A team's provider stands in `.streamlit/secrets.toml` under `[auth]` (Streamlit's OIDC sign-in), its people under
`[people."address@example.org"]` with `role`, and `sites` where they do not work on all. Who is not listed may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from assistant.access import Mode, Person, Role, person
from assistant.config import Settings
from assistant.ui.inert import inert

ROLES: dict[str, str] = {
    Role.PRODUCER: "Producer: brings the documents",
    Role.ASSESSOR: "Assessor: decides and rates",
    Role.REVIEWER: "Reviewer: reads and comments",
    Role.ADMIN: "Administrator",
}


def mode() -> Mode:
    """Whether this installation signs people in through an identity provider."""
    return "team" if "auth" in _secrets() else "local"


def identity(settings: Settings, mode: Mode) -> Person | None:
    """Draw the sign-in into the sidebar and give who is signed in, `None` for nobody."""
    return _through_provider() if mode == "team" else _by_name(settings)


def why_not(who: Person | None, doing: str, able: str) -> str:
    """Why a person may not do something, and what would help."""
    if who is None:
        return f"Write your name on the left to {doing}; it is signed."
    return f"Only {able} may {doing}; you are signed in as {who.role}."


def _by_name(settings: Settings) -> Person | None:
    st.session_state.setdefault("person", settings.person)
    roles = [role.value for role in Role]
    role_set = settings.role if settings.role in roles else Role.ASSESSOR.value
    st.session_state.setdefault("role", role_set)
    name = st.text_input("Your name", key="person", placeholder="Name that signs decisions", icon=":material/person:")
    role = st.selectbox("Role", roles, key="role", format_func=lambda value: ROLES[value].split(":")[0])
    if not name.strip():
        st.caption(":material/lock: Without a name you can read, add and match; decisions wait for a name.")
        return None
    st.caption(f":material/edit: Decisions are signed **{inert(name, 60)}**.")
    return person(name.strip(), role)


def _through_provider() -> Person | None:
    if not st.user.is_logged_in:
        st.caption("Sign in to see this workspace.")
        if st.button("Sign in", type="primary", icon=":material/login:", width="stretch"):
            st.login()
        return None
    address = str(st.user.get("email", ""))
    known: Mapping[str, Any] = _secrets().get("people", {}).get(address, {})
    who = person(
        str(known.get("name") or st.user.get("name") or address),
        str(known.get("role", Role.REVIEWER.value)),
        tuple(str(site) for site in known.get("sites", ())),
    )
    if who is not None:
        st.caption(f":material/person: **{inert(who.name)}**, {who.role}")
    if st.button("Sign out", icon=":material/logout:", width="stretch"):
        st.logout()
    return who


def _secrets() -> Mapping[str, Any]:
    """The secrets, empty where no file is there."""
    return st.secrets if st.secrets.load_if_toml_exists() else {}
