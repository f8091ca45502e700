from pathlib import Path

import pytest

from assistant.config import load_settings
from assistant.errors import SettingsError


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUDGE", "SHOWN", "WORKSPACE", "PERSON"):
        monkeypatch.delenv(f"ASSAY_{name}", raising=False)


def test_the_environment_wins_over_the_file_and_options_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assay.toml").write_text('judge = "ollama:from-file"\nshown = 3\n')
    assert load_settings(tmp_path).judge == "ollama:from-file"
    monkeypatch.setenv("ASSAY_JUDGE", "openai:from-environment")
    settings = load_settings(tmp_path)
    assert (settings.judge, settings.shown, settings.workspace) == ("openai:from-environment", 3, tmp_path)
    assert load_settings(tmp_path, judge="extractive").judge == "extractive"


def test_a_wrong_value_names_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_SHOWN", "many")
    with pytest.raises(SettingsError, match=r"Setting shown \(ASSAY_SHOWN or assay\.toml\) has no usable value"):
        load_settings(tmp_path)


def test_an_unknown_setting_in_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "assay.toml").write_text('colour = "red"\n')
    with pytest.raises(SettingsError, match="unknown setting colour"):
        load_settings(tmp_path)


def test_the_key_is_never_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_JUDGE_API_KEY", "sk-secret")
    settings = load_settings(tmp_path)
    assert "sk-secret" not in repr(settings)
    assert settings.judge_api_key.get_secret_value() == "sk-secret"
