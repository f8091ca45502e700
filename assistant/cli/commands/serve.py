"""`assay serve`: the pages, on this machine only."""

from __future__ import annotations

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import say


@click.command("serve", cls=AssayCommand, short_help="Serve the pages on this machine.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port. Default: a free one.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; the default is this machine only."
)
@pass_session
def command(session: Session, port: int | None, host: str) -> int:
    """Serve the pages and print their address. Nothing is opened and nothing is sent anywhere; Ctrl-C ends it."""
    from assistant.cli import serving

    # Opening the workspace first gives a clear sentence now instead of a broken page later.
    settings = session.service().settings
    session.close()
    session.kept = "The pages are closed. Everything that was decided is in the workspace."
    with serving.serving(settings, port=port, host=host) as server:
        say(f"Assay is at {server.address} (Ctrl-C ends it).")
        return server.wait()
