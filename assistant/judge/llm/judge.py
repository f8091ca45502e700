"""`LLMJudge`: a language model behind the `Judge` protocol. It proposes; verification, guard and rules decide."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.config import Settings
from assistant.judge.extractive import KEPT, MIN_STRENGTH
from assistant.judge.llm.asking import Asker, Reply, add
from assistant.judge.llm.checking import Checked, check
from assistant.judge.llm.data import plain
from assistant.judge.llm.exchanges import ExchangeStore, MemoryExchanges
from assistant.judge.llm.guard import VERDICT_ODDS, Guard, overlap, shifted
from assistant.judge.llm.redaction import Suspicions, is_covered
from assistant.judge.llm.task import PROMPTS, Shown, Task, build_repair, build_task
from assistant.judge.llm.tokens import ANSWER_TOKENS, Estimate, estimate_tokens
from assistant.judge.protocol import Case, Judge, Judgement, Opinion, Proposal, Usage
from assistant.models import UNASKED
from assistant.models_chat import open_chat_model, parameters
from prompts import load

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LIMIT_TOKENS = 2_000_000
PARALLEL: int = Settings.model_fields["judge_parallel"].default
"""Questions under way at a time: what hosted servers allow at their lowest tier; a local server queues them."""
_MISSING_CHARACTERS = 400
_RULES_VERSION = 4
"""Raised when verification, guard or the choice of passages change: the judge's name, and so its findings, change."""
_VOICES = {
    Opinion.SUPPORTED: VERDICT_ODDS,
    Opinion.PARTLY: VERDICT_ODDS**0.5,
    Opinion.ABSENT: 1 / VERDICT_ODDS,
    Opinion.CONTRADICTED: 1.0,
    Opinion.UNSURE: 1.0,
}


class LLMJudge:
    """Judges with a chat model; one object serves one run (its token limit and its usage are the run's).

    `suspicions` maps a document's SHA-256 to what ingestion found suspicious in it. `fallback` judges what the model is
    no longer asked about (the limit is reached, the server is gone); without one such a case is unsure. Example:
    `LLMJudge(open_chat_model("ollama:qwen3:8b"), model_name="ollama:qwen3:8b").judge(cases)`.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        model_name: str,
        method: str = "function_calling",
        suspicions: Suspicions | None = None,
        store: ExchangeStore | None = None,
        limit_tokens: int = LIMIT_TOKENS,
        parallel: int = PARALLEL,
        guard: Guard | None = None,
        fallback: Judge | None = None,
    ) -> None:
        self._fallback = fallback
        self._suspicions: Suspicions = suspicions or {}
        self._guard = guard or Guard()
        self._parallel = parallel
        self._asker = Asker(
            model,
            name=model_name,
            method=method,
            store=store or MemoryExchanges(),
            limit_tokens=limit_tokens,
            parallel=parallel,
        )
        named = fallback.name if fallback is not None else ""
        shape = repr(sorted(parameters(model).items()))
        parts = "\x1f".join((method, shape, str(_RULES_VERSION), repr(self._guard), named, *self.prompts.values()))
        self.name = f"llm {model_name}@{hashlib.sha256(parts.encode()).hexdigest()[:12]}"

    @property
    def prompts(self) -> dict[str, str]:
        """Hashes of the prompts by id, for the record of the run."""
        return {prompt_id: load(prompt_id).sha256 for prompt_id in PROMPTS}

    @property
    def usage(self) -> Usage:
        """What was asked so far, over all calls of `judge`."""
        return self._asker.usage

    @property
    def stopped(self) -> str:
        """Why the model is no longer asked; empty while it is."""
        return self._asker.stopped

    def estimate(self, cases: Sequence[Case]) -> Estimate:
        """What judging the cases would ask of the model; nothing is sent."""
        calls = cached = tokens = 0
        for case in cases:
            task = build_task(case, self._suspicions)
            if not task.shown:
                continue
            if self._asker.is_kept(task.messages):
                cached += 1
            else:
                calls += 1
                tokens += sum(estimate_tokens(content) for _, content in task.messages)
        return Estimate(calls, cached, tokens, calls * ANSWER_TOKENS)

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """One judgement a case, in order; a case the model cannot answer is unsure, with a note that says why."""
        for at in range(0, len(cases), self._parallel):
            yield from self._judge_some(cases[at : at + self._parallel])

    def _judge_some(self, cases: Sequence[Case]) -> list[Judgement]:
        tasks = [build_task(case, self._suspicions) for case in cases]
        asked = [index for index, task in enumerate(tasks) if task.shown]
        first = dict(zip(asked, self._asker.ask([tasks[index].messages for index in asked]), strict=True))
        problems = {index: _problems(reply, tasks[index]) for index, reply in first.items()}
        repaired = [index for index in asked if problems[index]]
        messages = [build_repair(tasks[index], first[index].text, problems[index]) for index in repaired]
        second = dict(zip(repaired, self._asker.ask(messages), strict=True))
        return [
            self._conclude(task, [replies[index] for replies in (first, second) if index in replies])
            for index, task in enumerate(tasks)
        ]

    def _conclude(self, task: Task, replies: Sequence[Reply]) -> Judgement:
        """The judgement from one or two replies: the last usable answer counts."""
        case = task.case
        if self._fallback is not None and replies and replies[-1].unasked:
            return self._without_model(case, self._fallback, replies)
        exchange = tuple(dict.fromkeys(part for reply in replies for part in reply.exchange))
        usage = Usage()
        for reply in replies:
            usage = add(usage, reply.usage)
        notes = [reply.failure for reply in replies if reply.failure]
        last = replies[-1] if replies else None
        answered = next((reply.answer for reply in reversed(replies) if reply.answer), None)
        if last is None or answered is None:
            if last is None:
                notes.append("There was no passage to show to the language model.")
            elif last.invalid:
                notes.append(f"The language model's answer could not be used ({plain(last.invalid, 200)}).")
            return Judgement(
                Opinion.UNSURE, case.prior, self._extractive(task, (), False), "", tuple(notes), exchange, usage
            )
        checked = check(answered, task)
        quotes = self._guard.weigh(checked.proposals, case)
        opinion, why = self._guard.lower(Opinion(answered.verdict), quotes, case)
        mended = not (last.invalid or last.failure or checked.problems)
        if not mended:
            # What it quoted and what stands may be shown, but a model that did not mend its answer has no verdict.
            opinion, why = Opinion.UNSURE, "The language model did not repair its answer."
        # A quote has the model's weight only beside a verdict that stands and rests on it.
        if opinion in (Opinion.UNSURE, Opinion.ABSENT):
            quotes = self._guard.weigh(checked.proposals, case, stands=False)
        notes.extend(_counted(checked, len(answered.quotes)))
        if why:
            notes.append(why)
        return Judgement(
            opinion,
            shifted(case.prior, _VOICES[opinion]),
            tuple(
                sorted(
                    (*quotes, *self._extractive(task, quotes, opinion is not Opinion.UNSURE)),
                    key=lambda quote: -quote.strength,
                )
            ),
            plain(answered.missing, _MISSING_CHARACTERS) if mended else "",
            tuple(notes),
            exchange,
            usage,
        )

    def _without_model(self, case: Case, fallback: Judge, replies: Sequence[Reply]) -> Judgement:
        """The other judge's judgement, with a note that says why it is its own."""
        usage = Usage()
        for reply in replies:
            usage = add(usage, reply.usage)
        [judgement] = fallback.judge([case])
        exchange = tuple(dict.fromkeys(part for reply in replies for part in reply.exchange))
        notes = (f"{self.stopped} {UNASKED}", *judgement.notes)
        return replace(judgement, notes=notes, exchange=exchange, usage=usage)

    def _extractive(self, task: Task, quotes: Sequence[Proposal], stands: bool) -> tuple[Proposal, ...]:
        """The evidence model's quotes that the model did not give: weaker where it read and passed over them.

        So only beside a verdict that stands.
        """
        kept: list[Proposal] = []
        for span in task.case.spans:
            end = span.start + len(span.quote)
            if is_covered(span.sha256, span.page, span.start, end, self._suspicions):
                continue
            if any(overlap(span, quote) for quote in quotes):
                continue
            passed_over = stands and any(_holds(item, span) for item in task.shown.values())
            strength = shifted(span.strength, 1 / VERDICT_ODDS) if passed_over else span.strength
            if strength >= MIN_STRENGTH:
                kept.append(replace(span, strength=strength))
        return tuple(sorted(kept, key=lambda proposal: -proposal.strength)[:KEPT])


def llm_judge(
    settings: Settings,
    *,
    suspicions: Suspicions | None = None,
    store: ExchangeStore | None = None,
    guard: Guard | None = None,
    fallback: Judge | None = None,
) -> LLMJudge:
    """The judge the settings name. Raises `SettingsError` or `ModelError` when its model cannot be opened."""
    model = open_chat_model(settings.judge, settings.judge_base_url, settings.judge_api_key)
    return LLMJudge(
        model,
        model_name=settings.judge,
        method=settings.judge_method,
        suspicions=suspicions,
        store=store,
        limit_tokens=settings.judge_limit_tokens,
        parallel=settings.judge_parallel,
        guard=guard,
        fallback=fallback,
    )


def _problems(reply: Reply, task: Task) -> tuple[str, ...]:
    """What a repair round should mend; nothing when the server failed or all is well."""
    if reply.failure:
        return ()
    if reply.answer is None:
        return (f"It is not in the structure asked for ({plain(reply.invalid, 200)}).",)
    return check(reply.answer, task).problems


def _counted(checked: Checked, given: int) -> list[str]:
    notes = []
    if checked.problems:
        dropped = len(checked.problems)
        notes.append(f"{dropped} of {given} quotes of the language model could not be verified and were dropped.")
    return notes


def _holds(item: Shown, span: Proposal) -> bool:
    passage = item.passage
    if (passage.sha256, passage.page) != (span.sha256, span.page):
        return False
    return any(passage.start + a <= span.start < passage.start + b for a, b in item.pieces)
