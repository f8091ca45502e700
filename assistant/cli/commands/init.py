"""`assay init`: make a workspace for a site."""

from __future__ import annotations

from typing import Any

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.site_options import described, site_options
from assistant.cli.terminal import say


@click.command("init", cls=AssayCommand, short_help="Make a workspace for a site.")
@site_options
@click.option("--framework", help="Built-in name, folder or file of the criteria (or ASSAY_FRAMEWORK).")
@pass_session
def command(session: Session, /, framework: str | None, **options: Any) -> None:
    """Make a workspace for a site.

    What the site is decides which criteria apply. A fact that nobody states is unknown: what depends on it applies.

    \b
    assay init --name "Cerro Ejemplo" --kind mine --kind smelter --country Chile --fact has_tailings=yes
    assay init --site site.yaml
    """
    site = described(None, **options)
    if site is None:
        raise click.UsageError("Say which site this is: --name NAME with --kind, or --site FILE.")
    from assistant import access
    from assistant.service import Service

    settings = session.settings()
    service = Service.create(
        settings.workspace,
        site,
        framework or settings.framework,
        access.person(settings.person, settings.role),
        settings=settings,
    )
    try:
        catalogue = service.framework()
        say(
            f"{settings.workspace} is ready for {site.name}: {len(catalogue.criteria)} criteria of {catalogue.id} "
            f"{catalogue.version}. Next: assay add FOLDER"
        )
    finally:
        service.close()
