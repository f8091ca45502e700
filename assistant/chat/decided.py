"""Questions on what people decided: confirmed and rejected proposals, and ratings."""

from __future__ import annotations

from collections.abc import Callable

from assistant.chat.models import AnswerSentence, Citation
from assistant.chat.state import State, are, count, sentence, short
from assistant.models import Decision, Evidence, Verdict
from assistant.store import RecordedDecision


def by_verdict(verdict: Verdict) -> Callable[[State], list[AnswerSentence]]:
    """How many proposals have this verdict, and each decision with its reason and place, the latest first."""

    def answer(state: State) -> list[AnswerSentence]:
        decisions = {d.id: d for view in state.views for d in (*view.decisions, *view.orphaned) if d.verdict is verdict}
        made = [decisions[number] for number in sorted(decisions)]
        people = {decision.person for decision in made if _named(decision.person, state.question.text)}
        if people:
            made = [decision for decision in made if decision.person in people]
        by = f" by {' and '.join(sorted(people))}" if people else ""
        if not made:
            return [state.say(f"No quote and no gap{state.scope} has been {verdict.value}{by} so far.")]
        quotes = sum(decision.target == "evidence" for decision in made)
        counted = [count(quotes, "quote"), count(len(made) - quotes, "gap")]
        head = f"{' and '.join(part for part in counted if part)}{state.scope} {are(made)} {verdict.value}{by}."
        return [state.say(head), *(_decision(state, decision) for decision in reversed(made))]

    return answer


def _decision(state: State, decision: RecordedDecision) -> AnswerSentence:
    what = "the gap"
    citations = [_decided(decision)]
    on = decision.proposal
    if isinstance(on, Evidence):
        where = state.place(on)
        what = f"a quote that no longer stands in {on.document}, page {on.page},"
        if where is not None:
            what = f"“{short(on.quote)}” ({on.document}, page {on.page})"
            citations.append(where)
    reason = f": {decision.reason}" if decision.reason else ""
    when = f"on {decision.at:%Y-%m-%d}{reason}"
    text = f"{decision.person} {decision.verdict.value} {what} for {decision.requirement_id} {when}"
    return AnswerSentence(text=sentence(text), citations=tuple(citations))


def _decided(decision: Decision) -> Citation:
    return Citation(
        kind="review",
        label=f"Decision {decision.id}",
        quote=decision.reason,
        decision_id=decision.id,
        run_id=decision.run_id,
        requirement_id=decision.requirement_id,
    )


def ratings(state: State) -> list[AnswerSentence]:
    """The ratings that count, of the criteria named or of all."""
    latest = {rating.criterion_id: rating for rating in state.service.ratings()}
    wanted = state.question.names.criteria
    shown = [rating for rating in latest.values() if not wanted or rating.criterion_id in wanted]
    if not shown:
        which = f"Criterion {' and '.join(wanted)} has" if wanted else "No criterion has"
        return [state.say(f"{which} {'not ' if wanted else ''}been rated yet.")]
    return [
        AnswerSentence(
            text=sentence(
                f"{rating.person} rated criterion {rating.criterion_id} “{rating.rating}” on {rating.at:%Y-%m-%d}: "
                f"{rating.rationale}"
            ),
            citations=(
                Citation(
                    kind="review",
                    label=f"Rating {rating.id}",
                    quote=rating.rationale,
                    rating_id=rating.id,
                    criterion_id=rating.criterion_id,
                ),
            ),
        )
        for rating in shown
    ]


def _named(person: str, text: str) -> bool:
    return any(part.casefold() in text.casefold().split() for part in [person, *person.split()] if len(part) > 2)
