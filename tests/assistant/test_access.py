from __future__ import annotations

import pytest

from assistant.access import RIGHTS, Action, Mode, Person, Role, may, person, require
from assistant.errors import AccessError

SITE = "Cerro Ejemplo"
ASSESSOR, PRODUCER, REVIEWER = (
    Person(name="Li Wei", role=role) for role in (Role.ASSESSOR, Role.PRODUCER, Role.REVIEWER)
)
SIGNED = (Action.DECIDE, Action.RATE, Action.CORRECT, Action.REMOVE, Action.COMMENT)


def test_the_roles_in_a_team() -> None:
    allowed = {
        role: {action.name for action in Action if may(Person(name="X", role=role), action, site=SITE, mode="team")}
        for role in Role
    }
    assert allowed == {
        Role.PRODUCER: {"READ", "ASK", "COMMENT", "ADD", "REMOVE", "CORRECT", "SITE", "MATCH"},
        Role.ASSESSOR: {"READ", "ASK", "COMMENT", "MATCH", "DECIDE", "RATE"},
        Role.REVIEWER: {"READ", "ASK", "COMMENT"},
        Role.ADMIN: {action.name for action in Action},
    }
    assert set(RIGHTS) == set(Role)


def test_on_one_s_own_machine_an_assessor_may_add_documents_too() -> None:
    assert all(may(Person(name="X"), action, site=SITE) for action in Action)


def test_without_signing_in_nothing_that_carries_judgement_can_be_done() -> None:
    assert [action for action in Action if not may(None, action, site=SITE)] == [
        action for action in Action if action in SIGNED
    ]
    assert not any(may(None, action, site=SITE, mode="team") for action in Action)


def test_a_person_works_on_their_sites() -> None:
    here, elsewhere = Person(name="X", sites=(SITE,)), Person(name="X", sites=("Norte", "Sur"))
    assert may(here, Action.DECIDE, site=SITE)
    assert not may(elsewhere, Action.READ, site=SITE)
    with pytest.raises(AccessError, match=r"X works on Norte, Sur, not on Cerro Ejemplo; an admin can add the site\."):
        require(elsewhere, Action.READ, site=SITE)


@pytest.mark.parametrize(
    ("who", "action", "mode", "sentence"),
    [
        (None, Action.DECIDE, "local", "Nobody is signed in: to confirm or reject proposals, sign in as assessor or"),
        (None, Action.READ, "team", "sign in as producer, assessor, reviewer or admin"),
        (
            REVIEWER,
            Action.RATE,
            "local",
            "as reviewer and may not rate criteria: sign in as assessor or admin to do that.",
        ),
        (PRODUCER, Action.DECIDE, "team", "Li Wei is signed in as producer and may not confirm or reject proposals"),
        (
            ASSESSOR,
            Action.ADD,
            "team",
            "as assessor and may not add documents: sign in as producer or admin to do that.",
        ),
    ],
)
def test_the_sentence_says_who_may(who: Person | None, action: Action, mode: Mode, sentence: str) -> None:
    with pytest.raises(AccessError) as caught:
        require(who, action, site=SITE, mode=mode)
    assert sentence in str(caught.value)


def test_a_sign_in_form() -> None:
    assert person("  ") is None
    assert person(" Ana Ruiz ", "reviewer") == Person(name="Ana Ruiz", role=Role.REVIEWER)
    with pytest.raises(AccessError, match="no role 'boss'; the roles are producer, assessor, reviewer, admin"):
        person("Ana Ruiz", "boss")
