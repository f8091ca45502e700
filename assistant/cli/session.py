"""What every command shares: the workspace, who acts, and the service, opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.service import Service


@dataclass
class Session:
    """One call of the command line. `kept` is what a person is told when they interrupt it."""

    workspace: Path | None = None
    person: str | None = None
    role: str | None = None
    debug: bool = False
    kept: str = ""
    _service: Service | None = None

    def settings(self) -> Settings:
        """The settings: options, then the environment, then assay.toml, then the defaults."""
        from assistant.config import load_settings

        return load_settings(self.workspace, person=self.person, role=self.role)

    def service(self) -> Service:
        """The open workspace. Raises `WorkspaceError` when there is none."""
        if self._service is None:
            from assistant import access
            from assistant.service import Service

            settings = self.settings()
            self._service = Service.open(
                settings.workspace, access.person(settings.person, settings.role), settings=settings
            )
        return self._service

    def close(self) -> None:
        """Let go of the workspace."""
        if self._service is not None:
            self._service.close()
            self._service = None


pass_session = click.make_pass_decorator(Session, ensure=True)


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def store(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        # The same option stands on the group and on each command; one that was not given must not undo the other.
        if value not in (None, False):
            setattr(context.ensure_object(Session), name, value)

    return store


def shared_options() -> list[click.Option]:
    """The options that every command and `assay` itself take."""
    return [
        click.Option(
            ["--workspace", "-w"],
            type=click.Path(file_okay=False, path_type=Path),
            expose_value=False,
            callback=_keep("workspace"),
            help="Folder of the record, the originals and the index (or ASSAY_WORKSPACE). Default: workspace.",
        ),
        click.Option(
            ["--person"],
            expose_value=False,
            callback=_keep("person"),
            help="Who acts and signs (or ASSAY_PERSON).",
        ),
        click.Option(
            ["--role"],
            type=click.Choice(["producer", "assessor", "reviewer", "admin"]),
            expose_value=False,
            callback=_keep("role"),
            help="Role of that person (or ASSAY_ROLE). Default: assessor.",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_keep("debug"),
            help="Show the traceback of an error.",
        ),
    ]


class AssayCommand(click.Command):
    """A command with the shared options behind its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["params"] = [*(kwargs.get("params") or []), *shared_options()]
        super().__init__(*args, **kwargs)
