"""`assay site`: show what is stated about the site, or change it."""

from __future__ import annotations

from typing import Any

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.site_options import described, site_options
from assistant.cli.terminal import print_json, say
from assistant.models import Site, SiteFact


@click.command("site", cls=AssayCommand, short_help="Show or change what is stated about the site.")
@site_options
@click.option("--json", "as_json", is_flag=True, help="Print the site as JSON.")
@pass_session
def command(session: Session, /, as_json: bool, **options: Any) -> None:
    """Show what is stated about the site, or change it with the options.

    What applies changes with the next matching.
    """
    service = session.service()
    site = service.site()
    changed = described(site, **options)
    if changed is not None and changed != site:
        service.change_site(changed)
        site = changed
    if as_json:
        print_json(site.model_dump(mode="json"))
        return
    for line in _lines(site):
        say(line)


def _lines(site: Site) -> list[str]:
    from assistant.catalogue.applicability import FACT_WORDS

    lines = [f"{site.name} ({', '.join(site.kinds)})" + (f", {site.country}" if site.country else "")]
    for label, names in (("Also called", site.aliases), ("Group", (site.group,)), ("Other sites", site.other_sites)):
        if any(names):
            lines.append(f"{label}: {', '.join(names)}")
    for fact in SiteFact:
        answer = site.facts.get(fact)
        word = "unknown, so it counts as yes" if answer is None else "yes" if answer else "no"
        lines.append(f"{fact.value}: {word} ({FACT_WORDS[fact]})")
    return lines
