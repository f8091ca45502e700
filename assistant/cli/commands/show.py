"""`assay show`: a criterion or a requirement with its quotes, its gaps and what people decided."""

from __future__ import annotations

import click

from assistant.cli.completion import complete_target
from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, print_json, tell


@click.command("show", cls=AssayCommand, short_help="Show a criterion (19) or a requirement (19.c) with its evidence.")
@click.argument("target", shell_complete=complete_target)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON list.")
@pass_session
def command(session: Session, target: str, as_json: bool) -> None:
    """Show TARGET, a criterion (19) or a requirement (19.c).

    Each quote comes with its place, its kind, its caveats and the key that `assay decide` takes; each gap with what was
    searched and what would close it.
    """
    from assistant.cli import choosing, finding

    service = session.service()
    framework = service.framework()
    whole = choosing.is_criterion(framework, target)
    if whole:
        criterion = choosing.criterion(framework, target)
    else:
        requirement = choosing.requirement(framework, target)
        criterion = framework.find(requirement.id)[0]
    views = service.findings(criterion.id) if service.latest_run() else []
    if not whole:
        views = [view for view in views if view.requirement.id == requirement.id]
    if as_json:
        print_json([finding.as_json(view) for view in views])
        return
    out = console()
    tell(out, f"{criterion.id} {criterion.title}", style="bold")
    tell(out, criterion.asks)
    tell(out, framework.notice, style="dim")
    latest = {rating.criterion_id: rating for rating in service.ratings()}.get(criterion.id)
    if latest is not None:
        tell(out, f"Rated {latest.rating} by {latest.person} on {latest.at:%Y-%m-%d}: {latest.rationale}")
    out.print()
    # Where two judges disagree a person looks first.
    for view in sorted(views, key=lambda view: not view.disputed):
        for block in finding.finding(view):
            out.print(block)
    if not views:
        for item in criterion.requirements if whole else [requirement]:
            tell(out, f"{item.id}  {item.text}")
        tell(out, "Nothing has been matched yet. Next: assay match")
    elif any(view.evidence for view in views):
        tell(out, "Decide: assay decide KEY confirm, or assay decide KEY reject --reason …", style="dim")
