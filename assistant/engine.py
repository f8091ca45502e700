"""The engine: documents and a framework in, one finding a requirement out. The same for product and evaluation.

Example:
    engine = Engine()
    prepared = engine.prepare(documents)
    findings = list(engine.match(prepared, load("rra-v2"), Site(name="Cerro Ejemplo"), today=date.today()))
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from assistant.cache import cache_folder
from assistant.catalogue import BUILT_IN, applies, load
from assistant.errors import ModelError
from assistant.index.cross_encoder import SHIPPED, PairReader, open_reader
from assistant.index.embedders import Embedder, open_embedder
from assistant.index.vectors import FileVectors, MemoryVectors, VectorStore, embed_cached
from assistant.judge.conclusion import Bars, Conclusion, carriers, conclude
from assistant.judge.contradiction import stance
from assistant.judge.evidence_model import EvidenceModel, load_evidence_model
from assistant.judge.extractive import ExtractiveJudge, called
from assistant.judge.features import FEATURES
from assistant.judge.kinds import KINDS, decided, load_kinds
from assistant.judge.looks import BATCH, DEPTH, Look, Looks, Run, measured
from assistant.judge.opposites import opposite_statuses
from assistant.judge.people import asks_of_workers
from assistant.judge.promise import OTHER_FRAMEWORK, OTHER_MODELS
from assistant.judge.protocol import Case, Judge, Judgement, Opinion, Proposal
from assistant.judge.ranking import rank_passages, rank_quotes
from assistant.judge.spans import Span, build_spans
from assistant.models import Evidence, EvidenceKind, Finding, Framework, SearchRecord, Site, Stance, Status
from assistant.progress import Progress, silent
from assistant.retrieve import NOTHING_LEARNED, Hit, Learned, PassageRef, Prepared, build_queries, prepare
from assistant.retrieve.search import search as search_passages
from ingestion.models import DocumentRead

ENGINE_VERSION = "9"
"""Raised whenever the same input could give another result."""
_CASE_PASSAGES = 12
_THREADS = 2
_RISING = (Status.GAP, Status.NEEDS_PERSON, Status.PARTLY, Status.SUPPORTED)
_SHOWN_PARTS = ("sim_text", "sim_best", "share_text", "passage_sim", "over_competitors")


class EngineSettings(BaseModel):
    """What changes results: models, and how many quotes are shown. Recorded with every run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    embedding: str = "minilm"
    sentence_embedding: str = "use-multilingual"
    reranker: str = SHIPPED
    shown: int = Field(6, ge=1, le=50)
    closes: float = Field(0.3, ge=0, le=1)
    contradicts: float = Field(0.5, ge=0, le=1)


@dataclass(frozen=True)
class Matched:
    """A finding with the rankings behind it: verified quotes and passages, best first, up to `DEPTH`."""

    finding: Finding
    conclusion: Conclusion | None
    passages: tuple[PassageRef, ...]

    @property
    def quotes(self) -> tuple[Evidence, ...]:
        """The verified quotes; the weak ones among them are looked up when first asked for."""
        return self.conclusion.quotes if self.conclusion else ()


class Engine:
    """Prepares documents and matches frameworks against them.

    `sentence_store` and `passage_store` keep vectors between runs, `reading_store` what the cross-encoder said of a
    pair (default: memory); `judge` replaces the extractive judge, `model` and `reader` the shipped weights (of one
    training: they belong together). Raises `ModelError` when a model cannot be loaded.
    """

    def __init__(
        self,
        settings: EngineSettings | None = None,
        *,
        sentence_store: VectorStore | None = None,
        passage_store: VectorStore | None = None,
        reading_store: VectorStore | None = None,
        judge: Judge | None = None,
        model: EvidenceModel | None = None,
        reader: PairReader | None = None,
    ) -> None:
        self.settings = settings or EngineSettings()
        self._sentences = open_embedder(self.settings.sentence_embedding)
        self._passages = open_embedder(self.settings.embedding)
        self._sentence_store = sentence_store or MemoryVectors()
        self._passage_store = passage_store or MemoryVectors()
        self._query_stores = (_query_store(self._sentences), _query_store(self._passages))
        self._reading_store = reading_store or MemoryVectors()
        self._reader = reader or open_reader(self.settings.reranker)
        self._model = model or load_evidence_model()
        learnt = self._model.interaction.unit.shape[1] // 2
        if self._sentences.dimension != learnt:
            raise ModelError(
                f"The sentence embedding '{self.settings.sentence_embedding}' has vectors of "
                f"{self._sentences.dimension} numbers, the evidence model learnt from {learnt}: "
                "set sentence_embedding to use-multilingual, or train the evidence model with the other one."
            )
        self._kinds = load_kinds()
        self._learned: Learned = NOTHING_LEARNED
        self._judge: Judge = judge or ExtractiveJudge(self._model)

    def for_framework(self, framework: Framework) -> Self:
        """This engine with the evidence model for this framework: another one where nothing learnt from its like."""
        return self.with_model(self._model.for_framework(self._statements(framework)))

    def nearness(self, framework: Framework) -> float:
        """How near the framework is to those that were learnt from: the cosine that half of its requirements reach."""
        return self._model.nearness(self._statements(framework))

    def _statements(self, framework: Framework) -> NDArray[np.float32]:
        statements = [requirement.text for criterion in framework.criteria for requirement in criterion.requirements]
        return embed_cached(self._sentences, self._query_stores[0], statements)

    def with_model(self, model: EvidenceModel) -> Self:
        """This engine with another evidence model; the judge of its own follows it."""
        if model is self._model:
            return self
        other = copy.copy(self)
        other._model = model
        if isinstance(self._judge, ExtractiveJudge):
            other._judge = ExtractiveJudge(model)
        return other

    def with_learned(self, learned: Learned) -> Self:
        """This engine searching by quotes that people confirmed as well, in other documents than their own.

        They find further quotes and lower none; how probable it is that there is evidence at all they leave alone.
        """
        other = copy.copy(self)
        other._learned = learned
        return other

    @property
    def learned(self) -> Learned:
        """The confirmed quotes it searches by, by requirement."""
        return self._learned

    @property
    def model(self) -> EvidenceModel:
        """The evidence model in use."""
        return self._model

    @property
    def name(self) -> str:
        """Engine and judge with their versions."""
        return f"assay-engine/{ENGINE_VERSION} {self._judge.name}"

    @property
    def models(self) -> dict[str, str]:
        """Every model that shapes the result, by role."""
        return {
            "sentences": self._sentences.name,
            "passages": self._passages.name,
            "reader": self._reader.name if self._reader else "none",
            "evidence": self._model.version,
            "kinds": self._kinds.version,
            "judge": self._judge.name,
        }

    @property
    def promise(self) -> str:
        """The stated promise on gaps, with its bound and where it was measured: with the models that ship."""
        said, shipped = self._model.promise, load_evidence_model()
        if self._as_measured:
            return said
        for model in (shipped, shipped.elsewhere):
            said = said.replace(model.promise, OTHER_MODELS) if model is not None else said
        return said

    @property
    def _as_measured(self) -> bool:
        """Whether the models are those that the shipped promise was measured with."""
        usual, own = EngineSettings(), self.settings
        return (own.embedding, own.sentence_embedding, own.reranker) == (
            usual.embedding,
            usual.sentence_embedding,
            usual.reranker,
        )

    def promise_for(self, framework: Framework) -> str:
        """The promise as it holds under this framework: measured with the built-in one, it is no bound elsewhere.

        A copy of the built-in one whose criteria were changed is another framework, whatever it calls itself.
        """
        if framework.id in BUILT_IN and framework.criteria == load(framework.id).criteria:
            return self.promise
        return self.promise.replace(load_evidence_model().promise, OTHER_FRAMEWORK)

    @property
    def thresholds(self) -> tuple[float, float]:
        """Probability below which a requirement is a gap, and from which it is supported; between, a person decides."""
        return self._model.gap_below, self._model.supported_from

    def prepare(self, documents: Sequence[DocumentRead], progress: Progress | None = None) -> Prepared:
        """Index the words and embed what the stores do not hold yet."""
        return prepare(
            documents,
            sentence_embedder=self._sentences,
            passage_embedder=self._passages,
            sentence_store=self._sentence_store,
            passage_store=self._passage_store,
            progress=progress or silent,
        )

    def search(self, prepared: Prepared, query: str, k: int = 10) -> list[Hit]:
        """The passages nearest to a free question."""
        return search_passages(prepared, query, k)

    def match(
        self,
        prepared: Prepared,
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Finding]:
        """One finding a requirement, in catalogue order; `only` restricts to these requirement ids."""
        for matched in self.match_detailed(prepared, framework, site, today=today, only=only, progress=progress):
            yield matched.finding

    def match_detailed(
        self,
        prepared: Prepared,
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Matched]:
        """As `match`, with the rankings behind each finding.

        What is recorded of the engine has to be that of `for_framework`; matching itself sees to it.
        """
        own = self.for_framework(framework)
        if own is not self:
            yield from own.match_detailed(prepared, framework, site, today=today, only=only, progress=progress)
            return
        report = progress or silent
        documents = {document.sha256: document for document in prepared.documents}
        queries = partial(
            build_queries, framework, prepared.languages, self._sentences, self._passages, self._query_stores
        )
        run, see = measured(prepared, framework, site, today, queries(), self._kinds), self._looks
        wanted = [i for i, query in enumerate(run.queries) if only is None or query.requirement.id in only]
        # All requirements look at the documents, also when few are wanted: they compete for the same words.
        looks: list[Look | Matched] = []
        with ThreadPoolExecutor(_THREADS) as pool:
            for at in range(0, len(run.queries), BATCH):
                run.similarities.of(at)  # measured once for these and their neighbours, before two threads ask
                indexes = range(at, min(at + BATCH, len(run.queries)))
                for look in pool.map(partial(self._first_look, run, see), indexes):
                    looks.append(look)
                    report(len(looks), len(run.queries), "searching the documents")
            contest = see.compete(run, [look for look in looks if isinstance(look, Look)], report)
            if self._learned:
                run = run.taught(queries(learned=self._learned))
                known = [look for look in map(looks.__getitem__, sorted(wanted)) if isinstance(look, Look)]
                known = [look for look in known if run.queries[look.index].confirmed]
                for look in see.teach(run, known, contest, pool, report):
                    looks[look.index] = look
        done = 0
        for at in range(0, len(wanted), BATCH):
            some = [looks[index] for index in wanted[at : at + BATCH]]
            batch = [self._case(run, see, look) if isinstance(look, Look) else look for look in some]
            judged = self._judge.judge([item[0] for item in batch if not isinstance(item, Matched)])
            for look, item in zip(some, batch, strict=True):
                done += 1
                report(done, len(wanted), "matching requirements")
                if isinstance(item, Matched):
                    yield item
                    continue
                case, passages, record = item
                conclusion = self._conclude(case, next(judged), documents, record)
                if isinstance(look, Look) and look.untaught is not None:
                    conclusion = self._no_worse(run, see, look.untaught, documents, conclusion)
                yield Matched(conclusion.finding, conclusion, passages)

    def _conclude(
        self, case: Case, judgement: Judgement, documents: Mapping[str, DocumentRead], record: SearchRecord
    ) -> Conclusion:
        """What the rules make of a judgement; where that is the opposite of what they make of the evidence model's own,
        a person decides: by its choice of quotes another judge could lead the rules where its verdict may not go."""
        by_rules = partial(
            conclude,
            case,
            documents=documents,
            kinds=self._kinds,
            bars=Bars(self.settings.closes, self.settings.contradicts, self.settings.shown),
            search=record,
            judge=self._judge.name,
        )
        conclusion = by_rules(judgement)
        if isinstance(self._judge, ExtractiveJudge):
            return conclusion
        [own] = ExtractiveJudge(self._model).judge([case])
        status, own_status = conclusion.finding.status, by_rules(own).finding.status
        if not opposite_statuses(own_status, status):
            return conclusion
        note = f"By the language model this would be {status}, by the evidence model {own_status}: a person decides."
        notes = (*judgement.notes, note)
        return by_rules(replace(judgement, opinion=Opinion.UNSURE, strength=case.prior, notes=notes))

    def _no_worse(
        self, run: Run, see: Looks, untaught: Look, documents: Mapping[str, DocumentRead], conclusion: Conclusion
    ) -> Conclusion:
        """The conclusion, or that without confirmed quotes where its status is a better one: they only add.

        A quote that rose can put another one in its shade. A language model is not asked a second time.
        """
        if not isinstance(self._judge, ExtractiveJudge):
            return conclusion
        case, _, record = self._case(run, see, untaught)
        [own] = self._judge.judge([case])
        before = self._conclude(case, own, documents, record)
        status, was = conclusion.finding.status, before.finding.status
        worse = {status, was} <= set(_RISING) and _RISING.index(status) < _RISING.index(was)
        return before if worse else conclusion

    @property
    def _looks(self) -> Looks:
        return Looks(self._model, self._read if self._reader else None, own_reader=self.settings.reranker == SHIPPED)

    def _read(self, pairs: list[str]) -> NDArray[np.float32]:
        assert self._reader is not None  # asked with a reader only
        return embed_cached(self._reader, self._reading_store, pairs)[:, 0]

    def _first_look(self, run: Run, see: Looks, index: int) -> Look | Matched:
        """The candidates of requirement number `index` with their figures, or the finding that it does not apply."""
        criterion, requirement = run.framework.find(run.queries[index].requirement.id)
        applicable, note = applies(run.framework, run.site, requirement.id)
        if applicable:
            return see.first(run, index)
        finding = Finding(
            requirement_id=requirement.id,
            criterion_id=criterion.id,
            status=Status.NOT_APPLICABLE,
            judge=self._judge.name,
            notes=(note,),
        )
        return Matched(finding, None, ())

    def _case(self, run: Run, see: Looks, look: Look) -> tuple[Case, tuple[PassageRef, ...], SearchRecord]:
        prepared, query, rows, accused = run.prepared, run.queries[look.index], look.rows, look.accused
        criterion, requirement = run.framework.find(query.requirement.id)
        probabilities = look.probabilities
        spans = [Span(unit, unit, unit, strength, unit, unit) for unit, strength in accused.items()]
        quoted = build_spans(prepared, rows, probabilities, DEPTH, own=self.settings.closes, taken=accused)
        spans += rank_quotes(prepared, look.passages, look.by_passage, quoted)
        row_of = {int(row): i for i, row in enumerate(rows)}
        kinds = _kinds_of(run, np.asarray([span.best for span in spans], dtype=np.int64))
        proposals = tuple(
            _proposal(run, look, span, row_of[span.best], kind) for span, kind in zip(spans, kinds, strict=True)
        )
        ranked = rank_passages(prepared, look.passages, look.by_passage, rows, probabilities, DEPTH)
        # How probable evidence is hangs on no answer that a person gave: the bounds were measured without.
        plain = look.untaught or look
        of_row = prepared.unit_document[plain.rows]
        # What is for other people is shown with its caveat and makes no evidence probable.
        own = ~(asks_of_workers(criterion, requirement) & run.for_outsiders[of_row])
        prior = see.prior(prepared, plain, own)
        strong = carriers(proposals, self.settings.closes)
        carrying = np.isin([prepared.documents[number].sha256 for number in of_row], list(strong))
        carrying &= own
        carried = min(prior, see.prior(prepared, plain, carrying))
        case = Case(
            criterion=criterion,
            requirement=requirement,
            site=run.site,
            today=run.today,
            passages=ranked[:_CASE_PASSAGES],
            spans=proposals,
            prior=prior,
            carried=carried,
            called=called(self._model, prior, carried, proposals),
            practice_age=run.framework.practice_age_months,
        )
        record = SearchRecord(
            queries=query.described(prepared.languages),
            confirmed=query.confirmed,
            languages=prepared.languages,
            documents=len(prepared.documents),
            pages=prepared.pages,
            passages=len(prepared.passages),
            candidates=len(rows),
            unread=prepared.unread,
        )
        return case, ranked, record


def _query_store(embedder: Embedder) -> VectorStore:
    """Vectors of the frameworks' own phrases, kept on this machine: they hold no text of any document."""
    name = hashlib.sha256(embedder.name.encode()).hexdigest()[:16]
    return FileVectors(cache_folder("queries") / name, embedder.dimension)


def _kinds_of(run: Run, units: NDArray[np.int64]) -> list[EvidenceKind]:
    """The kind of each of these units by its own words."""
    vectors = run.prepared.unit_vectors[units].astype(np.float32)
    rows = run.kinds.probabilities(np.hstack([vectors, run.surface.cues(units)]))
    return [KINDS[number] for number in decided(rows)]


def _proposal(run: Run, look: Look, span: Span, place: int, kind: EvidenceKind) -> Proposal:
    """The quote of a span with the kind and the stance of its best unit, which is candidate number `place`."""
    accused, claimed = span.best in look.accused, int(look.claimed[place])
    first, last = run.prepared.units[span.first], run.prepared.units[span.last]
    judged = (run.prepared.units[span.judged_first].start, run.prepared.units[span.judged_last].end)
    document = run.prepared.documents[first.document]
    page = next(page.text for page in document.pages if page.number == first.page)
    named = dict(zip(FEATURES, (round(float(value), 4) for value in look.values[place]), strict=True))
    return Proposal(
        sha256=document.sha256,
        page=first.page,
        quote=page[first.start : last.end],
        start=first.start,
        judged=judged,
        strength=span.strength,
        stance=Stance.CONTRADICTS if accused else stance(named, text=page[slice(*judged)], document=document),
        score_parts=look.parts(run.prepared, place) | {name: named[name] for name in _SHOWN_PARTS},
        classified=kind,
        claimed=run.queries[claimed].requirement.id if claimed >= 0 else "",
    )
