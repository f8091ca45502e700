from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from assistant.service import Service
from tests.ui.conftest import words

PROVIDER = {
    "auth": {"client_id": "assay", "redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "of the tests"},
    "people": {
        "ana@site.example": {"role": "assessor"},
        "bo@site.example": {"role": "assessor", "sites": ["Elsewhere"]},
    },
}


@pytest.fixture
def team(app: AppTest, service: Service) -> AppTest:
    """The app where an identity provider is configured."""
    for name, value in PROVIDER.items():
        app.secrets[name] = value
    return app


def signed(team: AppTest, address: str) -> AppTest:
    team.user = {"is_logged_in": True, "email": address, "name": address.partition("@")[0].title()}
    return team.run()


def test_nobody_sees_a_workspace_before_signing_in(team: AppTest) -> None:
    team.user = {"is_logged_in": False}
    team.run()
    assert not team.exception
    assert "Sign in on the left to see this workspace." in words(team)
    assert not team.dataframe
    assert not team.text_input


def test_a_person_of_the_list_has_their_role(team: AppTest) -> None:
    signed(team, "ana@site.example")
    assert not team.exception
    assert "**Ana**, assessor" in words(team)
    assert not team.button(key="match").disabled


def test_who_is_not_listed_may_only_read(team: AppTest) -> None:
    signed(team, "guest@site.example")
    assert "**Guest**, reviewer" in words(team)
    assert team.button(key="match").disabled


def test_a_person_of_another_site_gets_a_sentence(team: AppTest) -> None:
    signed(team, "bo@site.example")
    assert not team.exception
    assert "Bo works on Elsewhere, not on Cerro Ejemplo; an admin can add the site." in words(team)
    assert not team.dataframe


def test_the_settings_sign_nobody_in_where_a_provider_does(team: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_PERSON", "Ana Ruiz")
    team.user = {"is_logged_in": False}
    team.run()
    assert "Ana Ruiz" not in words(team)
    assert not team.dataframe
