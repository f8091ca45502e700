"""`assay rate`: a person's rating of a criterion."""

from __future__ import annotations

import click

from assistant.cli.completion import complete_criterion, complete_rating
from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import say


@click.command("rate", cls=AssayCommand, short_help="Rate a criterion by your own hand.")
@click.argument("criterion", shell_complete=complete_criterion)
@click.argument("rating", shell_complete=complete_rating)
@click.option("--rationale", required=True, help="What the rating rests on.")
@pass_session
def command(session: Session, criterion: str, rating: str, rationale: str) -> None:
    """Rate CRITERION (its number) on the framework's scale. It is signed with --person (or ASSAY_PERSON).

    The latest rating counts, earlier ones stay in the record. Assay proposes none.

    \b
    assay rate 19 "partially meets" --rationale "Two of five reviews have no closed actions."
    """
    from assistant.cli import choosing

    service = session.service()
    found = choosing.criterion(service.framework(), criterion)
    scale = {word.casefold(): word for word in service.framework().ratings}
    kept = service.rate(found.id, scale.get(rating.strip().casefold(), rating), rationale)
    say(f"{found.id} {found.title}: {kept.rating}, by {kept.person}. {service.framework().notice}")
