"""Questions on what the criteria ask, answered in the catalogue's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.catalogue.applicability import FACT_WORDS
from assistant.chat.corpus import prepared_catalogue
from assistant.chat.models import Answer, AnswerSentence, Citation, Memory, Topic
from assistant.chat.scoring import rank
from assistant.chat.understanding import Question
from assistant.chat.vocabulary import first_match, matches, vocabulary
from assistant.index.embedders import open_embedder
from assistant.judge.validity import PRACTICE
from assistant.models import Criterion, Framework, Requirement, SiteFact, SiteKind
from ingestion.sentences import sentences

if TYPE_CHECKING:
    from assistant.service import Service

MOST_SENTENCES = 8
NEAREST = 3
FOUND_FROM = 0.25
"""As for documents."""
BESIDE = 0.8
"""Another criterion is named when it is at least this share as likely as the best one."""
NOT_FOUND = "Not in the catalogue of criteria."
KIND_NAMES = {
    SiteKind.MINE: "mine", SiteKind.SXEW: "SX-EW plant", SiteKind.SMELTER: "smelter", SiteKind.REFINERY: "refinery",
}  # fmt: skip


def answer_from_catalogue(service: Service, question: Question) -> Answer:
    """What the catalogue says on the criterion or requirement named, else on what the question is nearest to."""
    framework = service.framework()
    names = question.names
    if names.requirement_id:
        criterion, requirement = framework.find(names.requirement_id)
        said = first(about_requirement(framework, criterion, requirement, names.kinds), question.text)
        return _answer(framework, question, said, criterion.id, requirement.id)
    if names.criteria:
        known = [criterion for criterion in framework.criteria if criterion.id in names.criteria]
        said = [s for criterion in known for s in first(about_criterion(criterion, names.kinds), question.text)]
        return _answer(framework, question, said, known[0].id, "")
    return _search(service, framework, question)


def about_criterion(criterion: Criterion, kinds: tuple[SiteKind, ...] = ()) -> list[AnswerSentence]:
    """What a criterion asks, whether it applies to the kinds of site named, its guidance, and its requirements.

    Guidance that speaks of those kinds comes first, requirements that bear the most risk next.
    """
    said = [_verbatim(criterion, "asks", text) for text in _split(criterion.asks)]
    said += [_applies(criterion, kind) for kind in kinds]
    guidance = _split(criterion.guidance)
    own = [text for text in guidance if any(matches(vocabulary().kinds[kind], text) for kind in kinds)]
    said += [_verbatim(criterion, "guidance", text) for text in (own or guidance[:2])]
    listed = sorted(criterion.requirements, key=lambda requirement: not requirement.critical)
    said += [_statement(criterion, requirement) for requirement in listed]
    said += [_verbatim(criterion, "guidance", text) for text in guidance if text not in (own or guidance[:2])]
    return said


def about_requirement(
    framework: Framework, criterion: Criterion, requirement: Requirement, kinds: tuple[SiteKind, ...] = ()
) -> list[AnswerSentence]:
    """What a requirement asks, what counts and what does not, which kinds of evidence and how recent."""
    said = [_statement(criterion, requirement)]
    said += [_applies(criterion, kind) for kind in kinds]
    said += [_field(criterion, requirement, "definition", text, text) for text in _split(requirement.definition)]
    if requirement.evidence_examples:
        examples = ", ".join(requirement.evidence_examples)
        said.append(_field(criterion, requirement, "examples", f"Examples of evidence: {examples}.", examples))
    if requirement.kinds:
        values = ", ".join(kind.value for kind in requirement.kinds)
        alone = "can" if requirement.commitment_alone else "does not"
        needed = " or ".join(kind.value for kind in requirement.kinds)
        text = f"It needs evidence of the kind {needed}; a commitment alone {alone} close it."
        said.append(_field(criterion, requirement, "kinds of evidence", text, values))
    if requirement.max_age_months:
        text = f"The evidence must not be older than {requirement.max_age_months} months."
        said.append(_field(criterion, requirement, "age", text, str(requirement.max_age_months)))
    elif framework.practice_age_months and (not requirement.kinds or PRACTICE & set(requirement.kinds)):
        months = framework.practice_age_months
        text = f"Records and figures must not be older than {months} months, by the framework's general limit."
        citation = Citation(kind="catalogue", label=f"Framework {framework.id}, age", quote=str(months))
        said.append(AnswerSentence(text=text, citations=(citation,)))
    if requirement.certificates:
        certificates = ", ".join(requirement.certificates)
        said.append(
            _field(
                criterion, requirement, "certificates", f"Certificates that speak to it: {certificates}.", certificates
            )
        )
    if requirement.when is not None:
        said.append(
            _field(
                criterion,
                requirement,
                "applicability",
                f"It applies when {FACT_WORDS[requirement.when]}.",
                requirement.when.value,
            )
        )
    return said


def first(said: list[AnswerSentence], question: str) -> list[AnswerSentence]:
    """The same sentences, those that speak of what the question asks for after the statement and before the rest."""
    aspect = first_match(vocabulary().aspects, question)
    wanted = [sentence for sentence in said[1:] if aspect and sentence.citations[0].label.endswith(f", {aspect}")]
    return [*said[:1], *wanted, *(sentence for sentence in said[1:] if sentence not in wanted)]


def _search(service: Service, framework: Framework, question: Question) -> Answer:
    catalogue = prepared_catalogue(framework, open_embedder(service.settings.sentence_embedding))
    ranked = rank(catalogue.prepared, _subject(question.text))
    best = ranked[0].probability if ranked else 0.0
    likely = {catalogue.place(item.unit): item.probability for item in reversed(ranked)}
    places = [place for place in reversed(likely) if likely[place] >= FOUND_FROM]
    if not places:
        nearest = dict.fromkeys(catalogue.place(item.unit) for item in ranked)
        return Answer(
            question=question.text,
            topic=Topic.GUIDANCE,
            found=False,
            nearest=tuple(_citation(framework, *place) for place in list(nearest)[:NEAREST]),
            notes=_notes(framework, NOT_FOUND),
            memory=_memory(question, "", "", 0),
        )
    criterion_id = places[0][0]
    criterion = next(item for item in framework.criteria if item.id == criterion_id)
    own = [place[1] for place in places if place[0] == criterion_id and place[1]]
    others = {place[0] for place in places if place[0] != criterion_id and likely[place] >= BESIDE * best}
    said = [_named(criterion)]
    said += [_statement(criterion, framework.requirement(requirement_id)) for requirement_id in own]
    said += [_named(item) for item in framework.criteria if item.id in others]
    if not own:
        said += about_criterion(criterion, question.names.kinds)
    return _answer(framework, question, said, criterion_id, own[0] if len(own) == 1 else "")


def _subject(question: str) -> str:
    """The question without the words in which any question on a criterion is put."""
    frame = frozenset(vocabulary().frame_guidance.split())
    words = [word for word in question.split() if word.strip("?¿!¡.,;:").casefold() not in frame]
    return " ".join(words) or question


def _answer(
    framework: Framework, question: Question, said: list[AnswerSentence], criterion_id: str, requirement_id: str
) -> Answer:
    shown = said[question.skip : question.skip + MOST_SENTENCES]
    end = question.skip + len(shown)
    more = f"{len(said) - end} more sentences: ask for more." if end < len(said) else ""
    if not shown:
        more = "The catalogue says nothing more on this."
    return Answer(
        question=question.text,
        topic=Topic.GUIDANCE,
        found=bool(shown),
        sentences=tuple(shown),
        notes=_notes(framework, more),
        memory=_memory(question, criterion_id, requirement_id, end),
    )


def _memory(question: Question, criterion_id: str, requirement_id: str, shown: int) -> Memory:
    return Memory(
        topic=Topic.GUIDANCE,
        question=question.text,
        criterion_id=criterion_id,
        requirement_id=requirement_id,
        sha256=question.names.sha256,
        shown=shown,
    )


def _notes(framework: Framework, *notes: str) -> tuple[str, ...]:
    return tuple(note for note in (*notes, framework.notice) if note)


def _split(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentences(text, "en")]


def _label(criterion: Criterion, field: str) -> str:
    return f"Criterion {criterion.id}, {field}"


def _verbatim(criterion: Criterion, field: str, text: str) -> AnswerSentence:
    citation = Citation(kind="catalogue", label=_label(criterion, field), quote=text, criterion_id=criterion.id)
    return AnswerSentence(text=text, citations=(citation,))


def _named(criterion: Criterion) -> AnswerSentence:
    citation = Citation(
        kind="catalogue", label=_label(criterion, "title"), quote=criterion.title, criterion_id=criterion.id
    )
    return AnswerSentence(text=f"Criterion {criterion.id} is {criterion.title}.", citations=(citation,))


def _statement(criterion: Criterion, requirement: Requirement) -> AnswerSentence:
    return _field(criterion, requirement, "statement", f"{requirement.id}: {requirement.text}", requirement.text)


def _field(criterion: Criterion, requirement: Requirement, field: str, text: str, quote: str) -> AnswerSentence:
    citation = Citation(
        kind="catalogue",
        label=f"Requirement {requirement.id}, {field}",
        quote=quote,
        criterion_id=criterion.id,
        requirement_id=requirement.id,
    )
    return AnswerSentence(text=text, citations=(citation,))


def _applies(criterion: Criterion, kind: SiteKind) -> AnswerSentence:
    rule = criterion.applies.get(kind, "yes")
    name = KIND_NAMES[kind]
    if rule == "yes":
        text = f"Criterion {criterion.id} applies to a {name}."
    elif rule == "no":
        text = f"Criterion {criterion.id} does not apply to a {name}."
    else:
        text = f"Criterion {criterion.id} applies to a {name} if {FACT_WORDS[SiteFact(rule.removeprefix('if '))]}."
    citation = Citation(
        kind="catalogue",
        label=_label(criterion, "applicability"),
        quote=f"{kind.value}: {rule}",
        criterion_id=criterion.id,
    )
    return AnswerSentence(text=text, citations=(citation,))


def _citation(framework: Framework, criterion_id: str, requirement_id: str) -> Citation:
    if requirement_id:
        criterion, requirement = framework.find(requirement_id)
        return _statement(criterion, requirement).citations[0]
    criterion = next(item for item in framework.criteria if item.id == criterion_id)
    return _named(criterion).citations[0]
