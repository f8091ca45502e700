"""Opening chat models: no network, no server; every refusal is a sentence that says what to do."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.errors import ModelError, SettingsError
from assistant.models_chat import open_chat_model, parameters


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def address() -> Iterator[str]:
    """A server on this machine that says 404 to everything."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *args: Any) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Nothing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("setting", "base_url", "error", "sentence"),
    [
        ("gpt", "", SettingsError, "'gpt' names no chat model; possible are ollama:NAME, openai:NAME"),
        ("ollama:", "", SettingsError, "'ollama:' names no chat model"),
        ("nobody:x", "", SettingsError, "'nobody:x' names an unknown provider 'nobody'; possible are ollama:NAME"),
        ("openai:x", "", SettingsError, "The model openai:x needs a key: set ASSAY_JUDGE_API_KEY or OPENAI_API_KEY"),
        ("anthropic:x", "", SettingsError, "needs a key: set ASSAY_JUDGE_API_KEY or ANTHROPIC_API_KEY"),
        ("openai:x", "localhost:8000", SettingsError, "judge_base_url is no web address"),
        ("openai:x", "http://[", SettingsError, "judge_base_url is no web address"),
        ("openai:x", "http://u:secret@127.0.0.1:9/v1", ModelError, "at http://127.0.0.1:9/v1 does not answer"),
        ("ollama:x", "http://127.0.0.1:9", ModelError, "start it, or correct judge_base_url, or set judge to"),
    ],
)
def test_refusals(setting: str, base_url: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error) as caught:
        open_chat_model(setting, base_url)
    assert sentence in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_package_that_is_missing_is_a_setting_to_change() -> None:
    with pytest.raises(SettingsError, match="The model mistralai:x needs a package of LangChain that is not installed"):
        open_chat_model("mistralai:x")


def test_an_openai_compatible_server_gets_a_dummy_key(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-somebody-elses")
    model: Any = open_chat_model("openai:tiny", address, timeout=3.0, max_retries=1)
    assert type(model).__name__ == "ChatOpenAI"
    assert model.openai_api_key.get_secret_value() == "not-needed"
    assert (model.model_name, model.openai_api_base, model.temperature) == ("tiny", address, 0.0)
    assert (model.request_timeout, model.max_retries, model.seed) == (3.0, 1, 20261122)


def test_a_given_key_is_used(address: str) -> None:
    model: Any = open_chat_model("openai:tiny", address, SecretStr("mine"))
    assert model.openai_api_key.get_secret_value() == "mine"


def test_anthropic_and_ollama(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "from-environment")
    anthropic: Any = open_chat_model("anthropic:claude-x")
    assert anthropic.anthropic_api_key.get_secret_value() == "from-environment"
    assert (anthropic.default_request_timeout, anthropic.max_retries) == (120.0, 2)
    ollama: Any = open_chat_model("ollama:llama3:8b", probe=False)
    assert (ollama.model, ollama.base_url, ollama.num_ctx) == ("llama3:8b", "http://localhost:11434", 16384)


def test_the_parameters_of_a_model_name_its_server_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"api_key": "sk-very-secret", "probe": False}
    own = open_chat_model("openai:x", "http://user:pw@127.0.0.1:9/v1?key=abc", **given)
    shaped = {"temperature": "0.0", "seed": "20261122"}
    assert parameters(own) == {"server": "http://127.0.0.1:9/v1", "max_tokens": "2048", **shaped}
    assert parameters(own.model_copy(update={"max_tokens": 160}))["max_tokens"] == "160"
    ollama = parameters(open_chat_model("ollama:x", "http://127.0.0.1:9", **given))
    assert ollama == {"server": "http://127.0.0.1:9", "num_predict": "2048", "num_ctx": "16384", **shaped}
    assert parameters(open_chat_model("anthropic:x", **given))["server"] == "https://api.anthropic.com"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:7/v1")
    assert parameters(open_chat_model("openai:x", **given))["server"] == "http://127.0.0.1:7/v1"


def test_langchain_is_not_imported_before_a_model_is_asked_for() -> None:
    code = "import sys, assistant.models_chat, assistant.judge.llm; print(any('langchain' in m for m in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
