"""One case as the messages a language model reads: the requirement, and the passages by their number, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.judge.llm.data import data_block
from assistant.judge.llm.redaction import WITHHELD, Suspicions, clean_headings, clean_name, clean_ranges
from assistant.judge.protocol import Case, Proposal
from assistant.models import EvidenceKind, Requirement, Site
from assistant.retrieve.prepared import PassageRef
from prompts import load

PASSAGES = 12
CHARACTERS = 14_000
"""Of all passages together: about 3,500 tokens of English, so that a model with 8,000 tokens of context can read it."""
LONGEST = 2_400
"""Characters of one passage; about 120 words are usual, tables can be longer."""
LEADING_SPANS = 6
"""The passages of the evidence model's best quotes are shown even when their fused rank is low."""

PROMPTS = ("judge-system", "judge-task", "judge-repair")

Message = tuple[str, str]
"""Role (system, user or assistant) and content."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as it is shown: `pieces` are the stretches of its text, as offsets into it, that the model can read."""

    passage: PassageRef
    pieces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Task:
    """The messages for one case, and what stands behind the passage numbers in them."""

    case: Case
    shown: Mapping[int, Shown]
    messages: tuple[Message, ...]


def build_task(case: Case, suspicions: Suspicions) -> Task:
    """The first round's messages for a case."""
    shown = choose(case, suspicions)
    block = data_block(
        [_record(number, item, suspicions) for number, item in shown.items()],
        about=f"{case.criterion.id}\x1f{case.requirement.id}",
    )
    requirement = case.requirement
    task = load("judge-task").render(
        code=block.code,
        requirement=requirement.text,
        definition=requirement.definition or "what the requirement says.",
        criterion=f"{case.criterion.title}. {case.criterion.asks}".strip(),
        kinds=_kinds(requirement),
        examples="; ".join(requirement.evidence_examples) or "none named",
        site=_site(case.site),
        today=case.today.isoformat(),
        passages=block.text,
    )
    return Task(case, shown, (("system", load("judge-system").render()), ("user", task)))


def build_repair(task: Task, answer: str, problems: tuple[str, ...]) -> tuple[Message, ...]:
    """The second round's messages: the first round, what was answered, and what is wrong with it."""
    listed = "\n".join(f"- {problem}" for problem in problems)
    return (
        *task.messages,
        ("assistant", answer or "(nothing)"),
        ("user", load("judge-repair").render(problems=listed)),
    )


def choose(case: Case, suspicions: Suspicions) -> dict[int, Shown]:
    """The passages to show by their number in the case: those of the best spans, then by fused rank, within budget."""
    leading = [number for span in case.spans[:LEADING_SPANS] if (number := _number_of(span, case)) is not None]
    chosen: dict[int, Shown] = {}
    left = CHARACTERS
    for number in dict.fromkeys((*leading, *range(1, len(case.passages) + 1))):
        passage = case.passages[number - 1]
        pieces = _within(clean_ranges(passage, suspicions), min(LONGEST, left))
        if pieces:
            chosen[number] = Shown(passage, pieces)
            left -= sum(end - start for start, end in pieces)
        if len(chosen) == PASSAGES or left <= 0:
            break
    return dict(sorted(chosen.items()))


def _number_of(span: Proposal, case: Case) -> int | None:
    for number, passage in enumerate(case.passages, start=1):
        if (passage.sha256, passage.page) == (span.sha256, span.page) and passage.start <= span.start < passage.end:
            return number
    return None


def _within(pieces: tuple[tuple[int, int], ...], budget: int) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for start, end in pieces:
        if budget <= 0:
            break
        kept.append((start, min(end, start + budget)))
        budget -= end - start
    return tuple(kept)


def _record(number: int, item: Shown, suspicions: Suspicions) -> dict[str, object]:
    passage = item.passage
    name = clean_name(passage, suspicions)
    record: dict[str, object] = {"passage": number, "document": name, "page": passage.page}
    headings = clean_headings(passage, suspicions)
    if headings:
        record["heading"] = " > ".join(headings)
    record["text"] = WITHHELD.join(passage.text[start:end] for start, end in item.pieces)
    return record


def _kinds(requirement: Requirement) -> str:
    if not requirement.kinds:
        return "any"
    named = " or ".join(requirement.kinds)
    if EvidenceKind.COMMITMENT in requirement.kinds and requirement.commitment_alone:
        return f"{named} (a commitment alone is enough)"
    return f"{named} (a commitment alone is not enough)"


def _site(site: Site) -> str:
    parts = [site.name]
    if site.aliases:
        parts.append(f"also called {', '.join(site.aliases)}")
    parts.append(" and ".join(site.kinds))
    if site.country:
        parts.append(site.country)
    if site.other_sites:
        parts.append(f"not to be confused with {', '.join(site.other_sites)}")
    return "; ".join(parts)
