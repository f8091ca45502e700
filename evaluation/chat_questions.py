"""How well questions are answered: the labelled questions of chat_questions.jsonl asked on the bundled sample site.

Measured are the topic a question is taken for, whether it is answered or said to be absent as labelled, whether an
answer holds what was expected, and whether every citation opens at its place. The `dev` half chose the weights and the
threshold of `assistant.chat.scoring`; figures that count are those of the `test` half. Run it with
`python -m evaluation.chat_questions`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from assistant import chat
from assistant.access import Person
from assistant.chat import Answer, Citation, Memory, Topic
from assistant.config import load_settings
from assistant.models import Finding, Framework, Frozen, Gap, GapReason, Site, Status
from assistant.progress import Progress
from assistant.quotes import locate
from assistant.service import Service
from assistant.service.engines import WorkspaceEngine
from assistant.service.workbench import INDEX

QUESTIONS = Path(__file__).with_suffix(".jsonl")
SAMPLE_SITE = Path(__file__).parent / "sample_site"
SAMPLE_DAY = date(2026, 11, 22)


class Expected(Frozen):
    """A document that answers, and words that a sentence of the answer from it holds."""

    document: str
    contains: str


class ChatQuestion(Frozen):
    """One labelled question. `before` are the questions of the conversation that lead to it."""

    id: str
    split: Literal["dev", "test"]
    language: str
    topic: Topic
    question: str
    found: bool
    before: tuple[str, ...] = ()
    answers: tuple[Expected, ...] = ()
    criterion: str = ""
    requirement: str = ""
    intent: str = ""


class Share(Frozen):
    """How many of how many."""

    good: int
    of: int

    @property
    def value(self) -> float:
        """The share, 1 where there is nothing to count."""
        return self.good / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.good} of {self.of} ({self.value:.2f})"


class ChatFigures(Frozen):
    """What was measured on one half of the questions; `missed` names the questions that went wrong, and how."""

    topic: Share
    answered: Share
    absent: Share
    right: Share
    citations: Share
    missed: tuple[str, ...]


def load_questions(path: Path = QUESTIONS) -> list[ChatQuestion]:
    """The labelled questions in their order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [ChatQuestion.model_validate(json.loads(line)) for line in lines if line]


def measure(service: Service, questions: Iterable[ChatQuestion]) -> ChatFigures:
    """Ask each question in a conversation of its own and compare."""
    counted: dict[str, list[bool]] = {name: [] for name in ("topic", "answered", "absent", "right", "citations")}
    missed = []
    for question in questions:
        memory = Memory()
        for before in question.before:
            memory = chat.answer(service, before, memory).memory
        answer = chat.answer(service, question.question, memory)
        counted["topic"].append(answer.topic is question.topic)
        counted["answered" if question.found else "absent"].append(answer.found is question.found)
        if question.found:
            counted["right"].append(is_right(answer, question))
        cited = [citation for sentence in answer.sentences for citation in sentence.citations]
        counted["citations"] += [opens(service, citation) for citation in (*cited, *answer.nearest)]
        wrong = [name for name in ("topic", "answered", "absent", "right") if counted[name] and not counted[name][-1]]
        own = [name for name in wrong if name == "topic" or (name == "absent") is not question.found]
        if own:
            missed.append(f"{question.id} {', '.join(own)}: {question.question}")
    shares = {name: Share(good=sum(values), of=len(values)) for name, values in counted.items()}
    return ChatFigures(**shares, missed=tuple(missed))


def is_right(answer: Answer, question: ChatQuestion) -> bool:
    """Whether the answer holds what was expected: words of a document, a criterion or requirement, an intent."""
    if question.answers:
        names = {
            (citation.label.split(", page ")[0], " ".join(citation.quote.split()))
            for sentence in answer.sentences
            for citation in sentence.citations
        }
        return any(
            expected.document == name and expected.contains in quote
            for expected in question.answers
            for name, quote in names
        )
    memory = answer.memory
    return (
        answer.found
        and question.criterion in ("", memory.criterion_id)
        and question.requirement in ("", memory.requirement_id)
        and question.intent in ("", memory.intent)
    )


def opens(service: Service, citation: Citation) -> bool:
    """Whether a citation opens at its place: its words stand there, or its record is there."""
    if citation.kind == "document":
        text = service.page(citation.sha256, citation.page).text
        return text[citation.start : citation.end] == citation.quote and locate(citation.quote, text) is not None
    if citation.kind == "review":
        runs = {run.id for run in service.runs()}
        return citation.run_id in runs or citation.label == "List of documents"
    framework = service.framework()
    if citation.criterion_id:
        criterion = next(one for one in framework.criteria if one.id == citation.criterion_id)
        known = {requirement.id: requirement for requirement in criterion.requirements}
        source = (known[citation.requirement_id] if citation.requirement_id else criterion).model_dump(mode="json")
    else:
        source = framework.model_dump(mode="json", exclude={"criteria"})
    words = " ".join(json.dumps(source, ensure_ascii=False).replace('"', "").split())
    return all(part in words for part in citation.quote.replace('"', "").split(", "))


class OpenEverywhere(WorkspaceEngine):
    """The engine of the workspace, but it finds a gap everywhere: enough to ask about, and quick."""

    name = "gaps everywhere"

    def match(
        self,
        prepared: Any,
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Finding]:
        """A gap a requirement."""
        for criterion in framework.criteria:
            for requirement in criterion.requirements:
                gap = Gap(reasons=(GapReason.NOTHING_FOUND,), explanation="Nothing was looked for.")
                if only is None or requirement.id in only:
                    yield Finding(requirement_id=requirement.id, criterion_id=criterion.id, status=Status.GAP, gap=gap)


def open_everywhere(workspace: Path) -> Service:
    """A workspace of the sample site whose runs leave everything open."""
    settings = load_settings(workspace, today=SAMPLE_DAY)
    return Service.open(
        workspace,
        person=Person(name="Evaluation"),
        settings=settings,
        engine_factory=lambda settings: OpenEverywhere(settings, workspace / INDEX),
    )


def sample_service(workspace: Path) -> Service:
    """A workspace with the sample site's documents and a run that leaves everything open."""
    site = Site.model_validate(yaml.safe_load((SAMPLE_SITE / "site.yaml").read_text(encoding="utf-8")))
    Service.create(workspace, site, settings=load_settings(workspace, today=SAMPLE_DAY)).close()
    service = open_everywhere(workspace)
    for _ in service.add([SAMPLE_SITE / "documents"]):
        pass
    service.match()
    return service


def report(figures: dict[str, ChatFigures], say: Callable[[str], Any]) -> None:
    """The figures of each half as lines of text."""
    for split, own in figures.items():
        say(f"{split}: topic {own.topic}; answered {own.answered}; absent said to be absent {own.absent}")
        say(f"{split}: right {own.right}; citations that open {own.citations}")
        for line in own.missed:
            say(f"  {line}")


def main() -> None:
    """Measure both halves on a new workspace and print the figures."""
    questions = load_questions()
    with tempfile.TemporaryDirectory(prefix="assay-chat-") as folder:
        service = sample_service(Path(folder) / "workspace")
        splits = ("dev", "test")
        figures = {split: measure(service, [item for item in questions if item.split == split]) for split in splits}
        service.close()
    report(figures, lambda line: sys.stdout.write(f"{line}\n"))


if __name__ == "__main__":
    main()
