"""Which requirements apply to a site: by the kinds of the site and by facts about it."""

from __future__ import annotations

from assistant.models import Framework, Site, SiteFact

FACT_WORDS: dict[SiteFact, str] = {
    SiteFact.HAS_TAILINGS: "the site has a tailings facility",
    SiteFact.ASM_PRESENT: "artisanal or small-scale miners work on the concession or in the supply chain",
    SiteFact.INDIGENOUS_PEOPLES: "indigenous peoples live on, use or are affected in the area",
    SiteFact.RESETTLEMENT: "land acquisition or resettlement took place or is open",
    SiteFact.EXTERNAL_FEED: "material from third parties is bought or treated",
    SiteFact.ARMED_SECURITY: "armed or public security forces protect the site",
}
"""Each site fact as a sentence part, for questions and for reasons."""


def applies(framework: Framework, site: Site, requirement_id: str) -> tuple[bool, str]:
    """Whether the requirement applies to the site, and a sentence that says why not or what is unknown.

    A criterion applies when it does for any of the site's kinds. A fact that nobody has stated counts as true, and the
    sentence then says which fact would settle it; it is empty when nothing needs saying.
    """
    criterion, requirement = framework.find(requirement_id)
    answers = [_by_kind(criterion.applies.get(kind, "yes"), site) for kind in site.kinds] or [(True, "")]
    applicable = [note for yes, note in answers if yes]
    if not applicable:
        reasons = list(dict.fromkeys(note for _, note in answers if note))
        if reasons:
            return False, " ".join(reasons)
        kinds = " and ".join(kind.value for kind in site.kinds)
        return False, f"Criterion {criterion.id} does not apply to a {kinds}."
    note = "" if "" in applicable else applicable[0]
    if requirement.when is not None:
        yes, when_note = _by_fact(requirement.when, site)
        if not yes:
            return False, when_note
        note = note or when_note
    return True, note


def _by_kind(rule: str, site: Site) -> tuple[bool, str]:
    if rule == "yes":
        return True, ""
    if rule == "no":
        return False, ""
    return _by_fact(SiteFact(rule.removeprefix("if ")), site)


def _by_fact(fact: SiteFact, site: Site) -> tuple[bool, str]:
    stated = site.facts.get(fact)
    if stated is None:
        return True, f"Applies unless it is stated that this is not so: {FACT_WORDS[fact]}."
    if stated:
        return True, ""
    return False, f"Not applicable: the site states that this is not so: {FACT_WORDS[fact]}."
