"""Questions on the state of the review, answered from the record: counts first, then one sentence a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.chat.decided import by_verdict, ratings
from assistant.chat.models import Answer, AnswerSentence, Citation, Memory, Topic
from assistant.chat.state import State, are, noun, sentence, short
from assistant.chat.understanding import Question
from assistant.chat.vocabulary import matches, vocabulary
from assistant.models import Criterion, Status, Verdict
from assistant.readiness import roll_up_counts
from ingestion.models import ReadStatus

if TYPE_CHECKING:
    from assistant.service import FindingView, Service

MOST_SENTENCES = 8
NOTHING_MATCHED = "Nothing has been matched yet: run the matching first, then ask about its state."
_OPEN = (Status.CONTRADICTED, Status.GAP, Status.NEEDS_PERSON, Status.PARTLY)
"""Statuses that leave a requirement open whatever was decided, the most pressing first."""
_COUNTED = {
    Status.SUPPORTED: "supported",
    Status.PARTLY: "partly supported",
    Status.NEEDS_PERSON: "waiting for a person",
    Status.GAP: "without evidence (gap)",
    Status.CONTRADICTED: "contradicted",
    Status.NOT_APPLICABLE: "not applicable",
}
_WORDS = {
    Status.SUPPORTED: "supported",
    Status.PARTLY: "partly supported",
    Status.NEEDS_PERSON: "waiting for a person",
    Status.GAP: "a gap",
    Status.CONTRADICTED: "contradicted",
    Status.NOT_APPLICABLE: "not applicable",
}


def answer_from_record(service: Service, question: Question) -> Answer:
    """What the record says on the question, most pressing first; ask for more to see the rest."""
    if question.intent == "unread":
        said: list[AnswerSentence] = _unread(service)
    else:
        run = service.latest_run()
        if run is None:
            return Answer(
                question=question.text,
                topic=Topic.REVIEW,
                found=False,
                notes=(NOTHING_MATCHED,),
                memory=_memory(question, 0),
            )
        said = _ANSWERS.get(question.intent, _summary)(State(service, question, run))
    shown = said[question.skip : question.skip + MOST_SENTENCES]
    end = question.skip + len(shown)
    note = f"{len(said) - end} more: ask for more." if end < len(said) else ""
    if not shown:
        note = "The record says nothing more on this."
    return Answer(
        question=question.text,
        topic=Topic.REVIEW,
        found=bool(shown),
        sentences=tuple(shown),
        notes=(note,) if note else (),
        memory=_memory(question, end),
    )


def _memory(question: Question, shown: int) -> Memory:
    return Memory(
        topic=Topic.REVIEW,
        question=question.text,
        intent=question.intent,
        criterion_id=next(iter(question.names.criteria), ""),
        requirement_id=question.names.requirement_id,
        sha256=question.names.sha256,
        shown=shown,
    )


def _by_status(status: Status) -> Callable[[State], list[AnswerSentence]]:
    def answer(state: State) -> list[AnswerSentence]:
        views = [view for view in state.views if view.finding.status is status]
        total = len(state.applicable) if status is not Status.NOT_APPLICABLE else len(state.views)
        words = _WORDS[status]
        if status is Status.GAP:
            words = "gaps" if len(views) != 1 else "a gap"
        head = state.say(f"{len(views)} of {total} requirements{state.scope} {are(views)} {words}.")
        if not state.scope and matches(vocabulary().plural, state.question.text):
            return [head, *_criteria(state, status)]
        return [head, *(line for view in _pressing(views) for line in _finding(state, view))]

    return answer


def _criteria(state: State, status: Status) -> list[AnswerSentence]:
    """One sentence for each criterion that has the status, or has requirements with it; whole criteria first."""
    whole: list[AnswerSentence] = []
    part: list[AnswerSentence] = []
    for criterion, views in _grouped(state.views):
        having = [view for view in views if view.finding.status is status]
        if not having:
            continue
        rolled = roll_up_counts(Counter(view.finding.status for view in views))
        ids = ", ".join(view.requirement.id for view in having)
        name = f"Criterion {criterion.id} ({criterion.title})"
        applicable = sum(view.finding.status is not Status.NOT_APPLICABLE for view in views)
        if rolled is status:
            whole.append(_of_criterion(state, criterion, f"{name} is {_WORDS[status]} as a whole: {ids}."))
        else:
            share = f"{len(having)} of its {applicable} requirements {are(having)} {_COUNTED[status]}"
            text = f"{name} is {_WORDS[rolled]} as a whole; {share}: {ids}."
            part.append(_of_criterion(state, criterion, text))
    return [*whole, *part]


def _of_criterion(state: State, criterion: Criterion, text: str) -> AnswerSentence:
    citation = Citation(
        kind="review",
        label=f"Run {state.run.id}, criterion {criterion.id}",
        run_id=state.run.id,
        criterion_id=criterion.id,
    )
    return AnswerSentence(text=text, citations=(citation,))


def _finding(state: State, view: FindingView) -> list[AnswerSentence]:
    """One finding: its status with the reason, and what would close it."""
    finding = view.finding
    said = [
        state.say(
            f"{view.requirement.id} is {_WORDS[finding.status]}: {short(view.requirement.text)}",
            view,
            view.requirement.text,
        )
    ]
    if finding.gap is not None:
        reasons = ", ".join(reason.value for reason in finding.gap.reasons)
        text = f"{view.requirement.id}: {finding.gap.explanation or reasons}"
        if finding.gap.would_close:
            text += f" It would be closed by: {'; '.join(finding.gap.would_close)}"
        said = [
            state.say(
                sentence(f"{said[0].text} {text.removeprefix(f'{view.requirement.id}: ')}"),
                view,
                finding.gap.explanation,
            )
        ]
    return said


def _open(state: State) -> list[AnswerSentence]:
    undecided = [view for view in state.applicable if not view.decisions]
    counts = Counter(view.finding.status for view in state.applicable)
    parts = [f"{counts[status]} {_COUNTED[status]}" for status in _OPEN if counts[status]]
    left = [view for view in state.applicable if view.finding.status in _OPEN or not view.decisions]
    said = [
        state.say(
            f"{len(undecided)} of {len(state.applicable)} requirements{state.scope} {are(undecided)} without any "
            "decision by a person."
        )
    ]
    if parts:
        said.append(state.say(f"By the latest run{state.scope}: {', '.join(parts)}."))
    if not state.scope:
        for criterion, views in _grouped(left):
            own = Counter(view.finding.status for view in views)
            shares = ", ".join(f"{own[status]} {_COUNTED[status]}" for status in Status if own[status])
            name = f"Criterion {criterion.id} ({criterion.title})"
            text = f"{name} has {len(views)} {noun(views)} open or undecided: {shares}."
            said.append(_of_criterion(state, criterion, text))
        return said
    return [*said, *(line for view in _pressing(left) for line in _finding(state, view))]


def _missing(state: State) -> list[AnswerSentence]:
    """What is open in the scope, with what would close it."""
    views = [view for view in state.applicable if view.finding.status in _OPEN]
    head = f"{len(views)} of {len(state.applicable)} requirements{state.scope} {are(views)} not supported yet."
    return [state.say(head), *(line for view in _pressing(views) for line in _finding(state, view))]


def _why(state: State) -> list[AnswerSentence]:
    views = [view for view in state.views if view.finding.status is not Status.SUPPORTED] or state.views
    said: list[AnswerSentence] = []
    for view in _pressing(views):
        said += _finding(state, view)
        gap = view.finding.gap
        best = gap.best if gap is not None else view.evidence[0].evidence if view.evidence else None
        where = state.place(best) if best is not None else None
        if best is not None and where is not None:
            told = f"the best evidence is “{short(best.in_parts[1])}”"
            if gap is not None:
                told = f"the best found was “{short(best.in_parts[1])}”; {gap.best_why_not or 'it was not enough'}"
            text = f"{view.requirement.id}: {told}"
            said.append(AnswerSentence(text=sentence(text), citations=(where,)))
        search = view.finding.search
        if search is not None:
            queries = len(search.queries) + len(search.confirmed)
            text = (
                f"{view.requirement.id}: {queries} queries were searched for in {search.documents} "
                f"documents with {search.pages} pages."
            )
            said.append(state.say(text, view))
    return said


def _unread(service: Service) -> list[AnswerSentence]:
    bad = [view for view in service.documents() if view.status in (ReadStatus.UNREADABLE, ReadStatus.PARTLY)]
    if not bad:
        citation = Citation(kind="review", label="List of documents")
        return [AnswerSentence(text="All documents could be read.", citations=(citation,))]
    return [
        AnswerSentence(
            text=sentence(view.reason if view.name in view.reason else f"{view.name}: {view.reason}"),
            citations=(Citation(kind="review", label=f"Document {view.name}", sha256=view.sha256, quote=view.reason),),
        )
        for view in bad
    ]


def _run(state: State) -> list[AnswerSentence]:
    run = state.run
    when = f"finished on {run.finished:%Y-%m-%d %H:%M} UTC" if run.finished else "has not finished"
    text = f"Run {run.id} {when}; it read {len(run.documents)} documents as of {run.today} with {run.engine}."
    return [state.say(text), *_summary(state)]


def _summary(state: State) -> list[AnswerSentence]:
    counts = Counter(view.finding.status for view in state.views)
    shares = ", ".join(f"{counts[status]} {_COUNTED[status]}" for status in Status if counts[status])
    decided = sum(bool(view.decisions) for view in state.applicable)
    said = [
        state.say(f"Of {len(state.views)} requirements{state.scope}: {shares}."),
        state.say(f"A person has decided on {decided} of the {len(state.applicable)} that apply."),
    ]
    if state.question.names.criteria and not state.question.names.requirement_id:
        said += [rating for rating in ratings(state) if rating.citations[0].rating_id is not None]
    if state.scope:
        said += [line for view in _pressing(state.views) for line in _finding(state, view)]
    return said


_ANSWERS: dict[str, Callable[[State], list[AnswerSentence]]] = {
    "open": _open,
    "why": _why,
    "missing": _missing,
    "rejected": by_verdict(Verdict.REJECTED),
    "confirmed": by_verdict(Verdict.CONFIRMED),
    "ratings": ratings,
    "run": _run,
    **{status.value: _by_status(status) for status in Status},
}


def _grouped(views: Sequence[FindingView]) -> list[tuple[Criterion, list[FindingView]]]:
    groups: dict[str, tuple[Criterion, list[FindingView]]] = {}
    for view in views:
        groups.setdefault(view.criterion.id, (view.criterion, []))[1].append(view)
    return list(groups.values())


def _pressing(views: Sequence[FindingView]) -> list[FindingView]:
    """The order in which a person would want to see them: contradicted, gaps, unclear, partly; critical ones first."""
    order = {status: place for place, status in enumerate((*_OPEN, Status.SUPPORTED, Status.NOT_APPLICABLE))}
    return sorted(views, key=lambda view: (order[view.finding.status], not view.requirement.critical))
