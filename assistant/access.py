"""Who may do what. A person signs in with a name; roles say the rest; the service asks here before every write.

| role | documents, facts | decisions, ratings | comments |
|---|---|---|---|
| producer | yes | no | yes |
| assessor | only on one's own machine | yes | yes |
| reviewer | no | no | yes |
| admin | yes | yes | yes |

In local mode (one person, one machine) reading, adding and matching need no sign-in; what is signed does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import ValidationError

from assistant.errors import AccessError
from assistant.models import Frozen, Text


class Role(StrEnum):
    """What a person is here for."""

    PRODUCER = "producer"
    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be asked for; each value completes "may …"."""

    READ = "read this workspace"
    ADD = "add documents"
    REMOVE = "remove documents"
    CORRECT = "correct document facts"
    SITE = "change the site"
    MATCH = "run the matching"
    ASK = "ask questions"
    COMMENT = "comment"
    DECIDE = "confirm or reject proposals"
    RATE = "rate criteria"


Mode = Literal["local", "team"]
"""`local`: one person on one machine; `team`: everybody signs in and sees only their sites."""

_EVERYBODY = frozenset({Action.READ, Action.ASK, Action.COMMENT})
_DOCUMENTS = frozenset({Action.ADD, Action.REMOVE, Action.CORRECT, Action.SITE, Action.MATCH})
_JUDGEMENT = frozenset({Action.DECIDE, Action.RATE})

RIGHTS: dict[Role, frozenset[Action]] = {
    Role.PRODUCER: _EVERYBODY | _DOCUMENTS,
    Role.ASSESSOR: _EVERYBODY | _JUDGEMENT | {Action.MATCH},
    Role.REVIEWER: _EVERYBODY,
    Role.ADMIN: _EVERYBODY | _DOCUMENTS | _JUDGEMENT,
}
"""What each role may do."""

UNSIGNED: frozenset[Action] = frozenset({Action.READ, Action.ASK, Action.ADD, Action.SITE, Action.MATCH})
"""What needs no sign-in in local mode: nothing of it carries a person's judgement."""


class Person(Frozen):
    """Who is signed in. `sites` names the sites they work on; empty means all."""

    name: Text
    role: Role = Role.ASSESSOR
    sites: tuple[str, ...] = ()


def person(name: str, role: str = Role.ASSESSOR.value, sites: tuple[str, ...] = ()) -> Person | None:
    """The person of a sign-in form or of the settings; `None` for an empty name.

    Raises `AccessError` for a role that does not exist.
    """
    if not name.strip():
        return None
    try:
        return Person(name=name, role=Role(role), sites=sites)
    except (ValueError, ValidationError) as error:
        raise AccessError(f"There is no role '{role}'; the roles are {', '.join(Role)}.") from error


def may(who: Person | None, action: Action, *, site: str, mode: Mode = "local") -> bool:
    """Whether `who` may do `action` on the site."""
    if who is None:
        return mode == "local" and action in UNSIGNED
    if who.sites and site not in who.sites:
        return False
    own_machine = mode == "local" and who.role is Role.ASSESSOR
    return action in RIGHTS[who.role] or (own_machine and action in _DOCUMENTS)


def require(who: Person | None, action: Action, *, site: str, mode: Mode = "local") -> None:
    """Raise `AccessError` unless `who` may do `action`; the sentence says who may and what to do."""
    if may(who, action, site=site, mode=mode):
        return
    able = [role.value for role in Role if may(Person(name="anyone", role=role), action, site=site, mode=mode)]
    roles = " or ".join([", ".join(able[:-1]), able[-1]] if len(able) > 1 else able)
    if who is None:
        raise AccessError(
            f"Nobody is signed in: to {action}, sign in as {roles} with your name on the page, or set ASSAY_PERSON "
            "(and ASSAY_ROLE) for the command line."
        )
    if who.sites and site not in who.sites:
        raise AccessError(f"{who.name} works on {', '.join(who.sites)}, not on {site}; an admin can add the site.")
    raise AccessError(f"{who.name} is signed in as {who.role} and may not {action}: sign in as {roles} to do that.")
