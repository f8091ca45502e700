"""Opens the chat model a setting names, through LangChain's `init_chat_model`, and says plainly why it cannot.

`ollama:NAME` asks a local Ollama server, `openai:NAME` OpenAI or any server that speaks its protocol
(`judge_base_url`), `anthropic:NAME` Anthropic; any other provider LangChain knows works when its package is installed.
LangChain is imported only when a model is asked for: without one, no line of it runs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

TIMEOUT_SECONDS = 120.0
"""For one answer: a small local model on two cores needs about a minute for a full page of passages."""
MAX_RETRIES = 2
MAX_ANSWER_TOKENS = 2_048
"""Five quotes of 600 characters with their reasons need about 1,200; the rest is room for other scripts."""
_PROBE_SECONDS = 5.0
_OLLAMA_URL = "http://localhost:11434"
_OLLAMA_CONTEXT = 16_384
"""Ollama's default cuts a long prompt without a word."""
_DUMMY_KEY = "not-needed"
_SEED = 20261122
_ADDRESSES = ("openai_api_base", "anthropic_api_url", "base_url")
_PARAMETERS = ("temperature", "max_tokens", "num_predict", "num_ctx", "seed")
"""Attributes of LangChain's chat models (OpenAI, Anthropic, Ollama) under which an answer depends on them."""
_KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_KNOWN = "ollama:NAME, openai:NAME (any OpenAI-compatible server with judge_base_url) and anthropic:NAME"


def open_chat_model(
    setting: str,
    base_url: str = "",
    api_key: SecretStr | str = "",
    *,
    timeout: float = TIMEOUT_SECONDS,
    max_retries: int = MAX_RETRIES,
    probe: bool = True,
) -> BaseChatModel:
    """The chat model of a setting `provider:model`, at temperature 0.

    With `probe`, a server of one's own (a base URL, or Ollama) is asked once whether it is there. Raises
    `SettingsError` for a setting, address or key that cannot be used, `ModelError` for a server that does not answer.
    """
    provider, separator, model = setting.partition(":")
    if not (provider and separator and model):
        raise SettingsError(f"{setting!r} names no chat model; possible are {_KNOWN}.")
    key = _key(setting, provider, base_url, api_key)
    if provider == "ollama":
        base_url = base_url or _OLLAMA_URL
    options = _options(provider, base_url, key, timeout, max_retries)
    if base_url:
        shown = _without_password(base_url)
        if probe:
            _probe(setting, base_url, shown)
    return _open(setting, provider, model, options)


def parameters(model: BaseChatModel) -> dict[str, str]:
    """What shapes a model's answers beside its name: the server's address and the settings of generation.

    Never a key: of an address neither user, password nor query. A model that has none of these gives an empty dict.
    """
    addresses = [getattr(getattr(model, "root_client", None), "base_url", None)]  # where OpenAI's client really asks
    addresses += [getattr(model, name, None) for name in _ADDRESSES]
    address = next((str(address) for address in addresses if address), "")
    found = {"server": _without_password(address).rstrip("/")} if address else {}
    values = {name: getattr(model, name, None) for name in _PARAMETERS}
    return found | {name: str(value) for name, value in values.items() if value is not None}


def _key(setting: str, provider: str, base_url: str, api_key: SecretStr | str) -> str:
    given = api_key.get_secret_value() if isinstance(api_key, SecretStr) else api_key
    variable = _KEY_VARIABLES.get(provider, "")
    if given or not variable:
        return given
    if base_url:
        # A key from the environment belongs to the provider and must not reach somebody else's server.
        return _DUMMY_KEY
    found = os.environ.get(variable, "")
    if not found:
        raise SettingsError(
            f"The model {setting} needs a key: set ASSAY_JUDGE_API_KEY or {variable}, or judge_base_url for a "
            "server of your own."
        )
    return found


def _without_password(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https"):
        raise SettingsError("judge_base_url is no web address; write it like http://localhost:8000/v1.")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"


def _options(provider: str, base_url: str, key: str, timeout: float, max_retries: int) -> dict[str, Any]:
    options: dict[str, Any] = {"temperature": 0.0}
    if base_url:
        options["base_url"] = base_url
    if provider == "ollama":
        # ChatOllama has no retries of its own.
        own = {"seed": _SEED, "num_ctx": _OLLAMA_CONTEXT, "num_predict": MAX_ANSWER_TOKENS}
        return options | own | {"client_kwargs": {"timeout": timeout}}
    options |= {"timeout": timeout, "max_retries": max_retries}
    if key:
        options["api_key"] = key
    if provider == "openai" and base_url:
        options |= {"seed": _SEED, "max_tokens": MAX_ANSWER_TOKENS}
    return options


def _probe(setting: str, address: str, shown: str) -> None:
    """Any answer at all will do: what the address serves at its root is the server's own affair."""
    import httpx

    try:
        httpx.get(address, timeout=_PROBE_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ModelError(
            f"The server of the model {setting} at {shown} does not answer ({type(error).__name__}); start it, or "
            "correct judge_base_url, or set judge to extractive."
        ) from error


def _open(setting: str, provider: str, model: str, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        opened: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise SettingsError(
            f"The model {setting} needs a package of LangChain that is not installed; possible without one are "
            f"{_KNOWN}."
        ) from error
    except ValueError as error:
        # Pydantic's validation errors are ValueErrors too and may show the key: only their first line is safe.
        if "provider" in str(error).casefold():
            raise SettingsError(
                f"{setting!r} names an unknown provider {provider!r}; possible are {_KNOWN}."
            ) from error
        first = str(error).splitlines()[0]
        raise SettingsError(f"The model {setting} cannot be opened: {first}.") from error
    return opened
