"""Which quotes a workspace has learned to search by: those that people confirmed as evidence, as the record stands."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from assistant.models import Evidence, Framework, Stance, Verdict
from assistant.retrieve import Confirmed, Learned, chosen
from assistant.review import latest, standing, wording
from assistant.store import Corpus, RecordedDecision, Store

_COUNT, _DIGEST = "confirmed_quotes", "confirmed_digest"


def learned(store: Store, corpus: Corpus, framework: Framework) -> Learned:
    """The confirmed supporting quotes that each requirement is searched by, in the order of their decisions.

    A decision that was withdrawn or overruled does not count, nor one on a requirement that says something else now or
    on a document that is no longer there.
    """
    there = {document.sha256 for document in corpus.documents}
    words = {r.id: wording(r) for criterion in framework.criteria for r in criterion.requirements}
    own: dict[str, list[RecordedDecision]] = defaultdict(list)
    for decision in standing(store.decisions.all()):
        own[decision.requirement_id].append(decision)
    found: dict[str, list[Confirmed]] = defaultdict(list)
    for requirement_id in own.keys() & words.keys():
        for decision in latest(own[requirement_id]):
            item = decision.proposal
            if decision.verdict is not Verdict.CONFIRMED or decision.wording != words[requirement_id]:
                continue
            if isinstance(item, Evidence) and item.stance is Stance.SUPPORTS and item.sha256 in there:
                found[requirement_id].append(Confirmed(item.sha256, item.in_parts[1], item.language))
    return {name: chosen(found[name]) for name in words if name in found}


def recorded(learned: Learned) -> dict[str, str]:
    """What a run records of the quotes it searches by; nothing where there are none."""
    if not learned:
        return {}
    lines = [f"{name}\x1f{one.sha256}\x1f{one.quote}" for name in sorted(learned) for one in learned[name]]
    digest = hashlib.sha256("\x1e".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return {_COUNT: str(len(lines)), _DIGEST: digest}
