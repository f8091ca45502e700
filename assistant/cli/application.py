"""`assay` itself: the list of commands, loaded one by one when called, and how errors reach a person."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import click

from assistant.cli.session import Session, shared_options
from assistant.errors import AssayError

COMMANDS: dict[str, tuple[str, ...]] = {
    "Prepare": ("init", "site", "add", "documents", "correct", "remove"),
    "Review": ("match", "status", "show", "decide", "rate", "ask", "runs"),
    "Hand over": ("export", "serve"),
    "Check": ("verify", "evaluate"),
    "Shell": ("completion",),
}
"""The commands in the order of their use, under the headings of `assay --help`."""

SHORT: dict[str, str] = {
    "init": "Make a workspace for a site.",
    "site": "Show or change what is stated about the site.",
    "add": "Read files and folders into the workspace.",
    "documents": "List the documents, or show one with its facts.",
    "correct": "Put a document fact right.",
    "remove": "Take a document out of the review.",
    "match": "Propose evidence and name gaps for every requirement.",
    "status": "Show the readiness of all criteria.",
    "show": "Show a criterion (19) or a requirement (19.c) with its evidence.",
    "decide": "Confirm or reject a proposal, or take a decision back.",
    "rate": "Rate a criterion by your own hand.",
    "ask": "Ask about the criteria, the documents or the review.",
    "runs": "List the matchings with what each started from.",
    "export": "Write the working paper: XLSX or JSON.",
    "serve": "Serve the pages on this machine.",
    "verify": "Check the record, every quote and the originals.",
    "evaluate": "Measure the engine on labelled sets.",
    "completion": "Print the shell's completion script.",
}
"""What `assay --help` says of each command; kept here so that it answers without loading them (a test compares)."""

QUIET = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "TQDM_DISABLE": "1"}
"""What keeps libraries from drawing bars of their own on stderr, across ours and into what a program reads."""

EXIT_UNEXPECTED = 1
EXIT_ERROR = 2
EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells report it."""


class LazyGroup(click.Group):
    """A group whose commands live in `assistant.cli.commands` and are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of their use."""
        return [name for names in COMMANDS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or `None`."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found = importlib.import_module(f"assistant.cli.commands.{cmd_name.replace('-', '_')}").command
        if not isinstance(found, click.Command):
            raise TypeError(f"assistant.cli.commands.{cmd_name} holds no command.")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` name; an unknown name gets the nearest one as a hint."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"The commands are {', '.join(self.list_commands(ctx))}."
            raise click.UsageError(f"There is no command '{args[0]}'. {hint}", error.ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under their headings."""
        width = max(len(name) for name in self.list_commands(ctx))
        for heading, names in COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), SHORT[name]) for name in names])


def _version() -> str:
    try:
        return version("assay-copper")
    except PackageNotFoundError:
        return "(not installed)"


def _print_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"assay {_version()}")
        context.exit()


application = LazyGroup(
    name="assay",
    params=[
        *shared_options(),
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_print_version,
            help="Show the version and end.",
        ),
    ],
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    help=(
        "Assay reads a site's documents against the Copper Mark's 32 criteria, proposes the evidence word for word "
        "with its place on the page, names the gaps, and leaves every decision to a person."
    ),
    epilog="Start with: assay init --name 'My site' --kind mine; assay add FOLDER; assay match; assay status.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. The exit code is 0, 1 (a check failed, or a defect), 2 (an error a person can mend) or 130."""
    return run(application, arguments, "assay")


def run(program: click.Command, arguments: Sequence[str] | None, name: str) -> int:
    """Run a program whose errors reach a person as one sentence; a traceback is shown only with --debug."""
    os.environ.update({variable: value for variable, value in QUIET.items() if variable not in os.environ})
    session = Session()
    try:
        result = program.main(arguments, prog_name=name, standalone_mode=False, obj=session)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.Abort:
        _say(session.kept or "Stopped.", "yellow")
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        _say(error.format_message(), "red")
        if isinstance(error, click.UsageError) and error.ctx is not None:
            _say(f"See: {error.ctx.command_path} --help", None)
        return EXIT_ERROR
    except BrokenPipeError:
        # The reader of our output (`| head`) has gone; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNEXPECTED
    except Exception as error:
        if session.debug:
            raise
        text, code = _sentence(error)
        _say(text, "red")
        return code
    finally:
        session.close()


def _sentence(error: Exception) -> tuple[str, int]:
    from ingestion.errors import IngestionError

    if isinstance(error, AssayError | IngestionError):
        return str(error), EXIT_ERROR
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.", EXIT_ERROR
    what = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    text = f"Assay failed where it should not ({what}). Run the command again with --debug and report it."
    return text, EXIT_UNEXPECTED


def _say(text: str, colour: str | None) -> None:
    from assistant.cli.terminal import plain

    one_line = " ".join(plain(text).split())
    click.secho(one_line, fg=colour, err=True)
