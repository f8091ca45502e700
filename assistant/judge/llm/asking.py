"""Asks a chat model for structured answers: several at a time, each prompt once, within a limit of tokens.

Everything that is stored is stored by the calling thread; the worker threads only wait for the server.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.errors import ModelError, NotFoundError
from assistant.judge.llm.exchanges import ExchangeStore
from assistant.judge.llm.schema import Answer
from assistant.judge.llm.task import Message
from assistant.judge.llm.tokens import ANSWER_TOKENS, estimate_tokens
from assistant.judge.protocol import Usage
from assistant.models_chat import parameters

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

FAILURES_IN_A_ROW = 3
_SCHEMA = json.dumps(Answer.model_json_schema(), sort_keys=True)
_SECRET = re.compile(r"(?i)\b(?:sk|key|bearer|token)[-_ :=]+\S{6,}")
_ERROR_CHARACTERS = 200
_KEPT_ANSWER = 6_000
"""Characters of a useless answer that are shown to the model again for repair."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one prompt: an answer, or why it cannot be used (`invalid`), or why there is none (`failure`).

    `unasked` says that the model was not asked at all: the limit is reached, or its server is gone.
    """

    answer: Answer | None = None
    text: str = ""
    invalid: str = ""
    failure: str = ""
    unasked: bool = False
    exchange: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


class Asker:
    """Asks one model for `Answer`s during one run; counts what it cost and knows when to stop asking."""

    def __init__(
        self, model: BaseChatModel, *, name: str, method: str, store: ExchangeStore, limit_tokens: int, parallel: int
    ) -> None:
        self._name = name
        self._method = method
        self._parameters = parameters(model)
        self._store = store
        self._limit = limit_tokens
        self._parallel = parallel
        self._failures = 0
        self.stopped = ""
        self.usage = Usage()
        try:
            self._runnable: Any = model.with_structured_output(Answer, method=method, include_raw=True)
        except (NotImplementedError, ValueError, TypeError) as error:
            raise ModelError(
                f"The model {name} does not give structured answers with judge_method {method!r}; choose another one "
                "(function_calling, json_schema or json_mode) or another model."
            ) from error

    def prompt_text(self, messages: Sequence[Message]) -> str:
        """The exact request as JSON: model, its server and parameters, method, schema, messages. Its hash names it."""
        request = {
            "model": self._name,
            "parameters": self._parameters,
            "method": self._method,
            "schema": _SCHEMA,
            "messages": messages,
        }
        return _json(request)

    def is_kept(self, messages: Sequence[Message]) -> bool:
        """Whether the answer to these messages is kept from before."""
        return self._store.answer_to(_digest(self.prompt_text(messages))) is not None

    def ask(self, conversations: Sequence[Sequence[Message]]) -> list[Reply]:
        """One reply for each conversation, in order. Never raises for what a server does."""
        replies: list[Reply] = []
        for at in range(0, len(conversations), self._parallel):
            replies.extend(self._ask_some(conversations[at : at + self._parallel]))
        return replies

    def _ask_some(self, conversations: Sequence[Sequence[Message]]) -> list[Reply]:
        replies: dict[int, Reply] = {}
        waiting: dict[int, Sequence[Message]] = {}
        reserved = self.usage.tokens_in + self.usage.tokens_out
        for index, messages in enumerate(conversations):
            kept = self._kept(messages)
            if kept is not None:
                replies[index] = kept
                continue
            reserved += sum(estimate_tokens(content) for _, content in messages) + ANSWER_TOKENS
            if not self.stopped and reserved > self._limit:
                self.stopped = f"The limit of {self._limit:,} tokens for this run (judge_limit_tokens) is reached."
            if self.stopped:
                replies[index] = Reply(failure=f"{self.stopped} The language model was not asked.", unasked=True)
            else:
                waiting[index] = messages
        if waiting:
            with ThreadPoolExecutor(max_workers=self._parallel) as pool:
                results = list(pool.map(self._call, waiting.values()))
            for (index, messages), result in zip(waiting.items(), results, strict=True):
                replies[index] = self._settle(messages, result)
        return [replies[index] for index in range(len(conversations))]

    def _call(self, messages: Sequence[Message]) -> dict[str, Any] | Exception:
        try:
            result: dict[str, Any] = self._runnable.invoke(list(messages))
        except Exception as error:  # every provider has its own tree of errors; each becomes a note on this case
            return error
        return result

    def _settle(self, messages: Sequence[Message], result: dict[str, Any] | Exception) -> Reply:
        """Store and count what came back."""
        prompt = self._store.put("prompt", self.prompt_text(messages))
        if isinstance(result, Exception):
            self._failures += 1
            said = _SECRET.sub("…", " ".join(str(result).split()))[:_ERROR_CHARACTERS]
            if self._failures >= FAILURES_IN_A_ROW and not self.stopped:
                self.stopped = f"The model server failed {self._failures} times in a row ({type(result).__name__})."
            return Reply(
                failure=f"The language model gave no answer ({type(result).__name__}: {said}).",
                exchange=(prompt,),
                usage=self._count(Usage(calls=1)),
            )
        self._failures = 0
        record = _record(result)
        answer = self._store.put("answer", _json(record))
        self._store.link(prompt, answer)
        used = record["usage"] or {
            "input_tokens": sum(estimate_tokens(content) for _, content in messages),
            "output_tokens": estimate_tokens(record["text"]),
        }
        usage = self._count(Usage(1, 0, int(used["input_tokens"]), int(used["output_tokens"])))
        return _reply(record, (prompt, answer), usage)

    def _kept(self, messages: Sequence[Message]) -> Reply | None:
        prompt = _digest(self.prompt_text(messages))
        answer = self._store.answer_to(prompt)
        if answer is None:
            return None
        try:
            record = json.loads(self._store.get(answer))
            self._store.get(prompt)
        except (NotFoundError, ValueError):
            return None  # the cache points to something that is gone: ask again
        return _reply(record, (prompt, answer), self._count(Usage(cached=1)))

    def _count(self, usage: Usage) -> Usage:
        self.usage = add(self.usage, usage)
        return usage


def add(one: Usage, other: Usage) -> Usage:
    """Both together."""
    return replace(
        one,
        calls=one.calls + other.calls,
        cached=one.cached + other.cached,
        tokens_in=one.tokens_in + other.tokens_in,
        tokens_out=one.tokens_out + other.tokens_out,
    )


def _record(result: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a model's answer: its words and calls as they came, and the server's count of tokens."""
    raw = result["raw"]
    calls = [*getattr(raw, "tool_calls", ()), *getattr(raw, "invalid_tool_calls", ())]
    usage = getattr(raw, "usage_metadata", None)
    parsed, error = result["parsed"], result["parsing_error"]
    words = raw.content if isinstance(raw.content, str) else json.dumps(raw.content, default=str)
    return {
        "text": words + ("\n" if words and calls else "") + "\n".join(_arguments(call) for call in calls),
        "usage": {name: usage[name] for name in ("input_tokens", "output_tokens")} if usage else None,
        "answer": parsed.model_dump() if isinstance(parsed, Answer) else parsed,
        "error": _validation(error) if error is not None else "",
    }


def _arguments(call: dict[str, Any]) -> str:
    given = call.get("args")
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)


def _validation(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ValidationError):
            first = cause.errors()[0]
            return f"{'.'.join(map(str, first['loc'])) or 'the answer'}: {first['msg']}"
        cause = cause.__cause__ or cause.__context__
    return " ".join(str(error).split())[:_ERROR_CHARACTERS]


def _reply(record: dict[str, Any], exchange: tuple[str, ...], usage: Usage) -> Reply:
    text = str(record["text"])[:_KEPT_ANSWER]
    if record["answer"] is None:
        why = record["error"] or "it is not in the structure asked for"
        return Reply(text=text, invalid=why, exchange=exchange, usage=usage)
    try:
        answer = Answer.model_validate(record["answer"])
    except ValidationError as error:
        return Reply(text=text, invalid=_validation(error), exchange=exchange, usage=usage)
    return Reply(answer, text, exchange=exchange, usage=usage)


def _json(value: object) -> str:
    """Canonical JSON; a lone surrogate, which no UTF-8 file can hold, stays escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
