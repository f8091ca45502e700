"""`assay ask`: a question about the criteria, the documents or the state of the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, print_json, tell

if TYPE_CHECKING:
    from assistant.chat import Citation


@click.command("ask", cls=AssayCommand, short_help="Ask about the criteria, the documents or the review.")
@click.argument("question")
@click.option("--conversation", default="default", show_default=True, help="Questions of one build on each other.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@pass_session
def command(session: Session, question: str, conversation: str, as_json: bool) -> None:
    """Ask QUESTION about the criteria, the documents or the state of the review.

    Every sentence of the answer is cited. What is not in your documents is said to be not there.

    \b
    assay ask "What does criterion 31 expect from a smelter?"
    assay ask "Where do we speak of tailings emergency drills?"
    assay ask "What is still open?"
    """
    from assistant.cli.working import waiting

    service = session.service()
    with waiting("Looking it up", quiet=as_json):
        answer = service.ask(question, conversation)
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    out = console()
    sources: list[Citation] = []
    for sentence in answer.sentences:
        marks = []
        for citation in sentence.citations:
            if citation not in sources:
                sources.append(citation)
            marks.append(f"[{sources.index(citation) + 1}]")
        tell(out, f"{sentence.text} {''.join(marks)}")
    for note in answer.notes:
        tell(out, note)
    if not answer.found:
        sources = list(answer.nearest)
        if not answer.notes:
            tell(out, "Nothing was found.")
        if sources:
            tell(out, "Nearest:")
    for number, citation in enumerate(sources, start=1):
        tell(out, f"[{number}] {_source(citation)}", style="dim")
    if any(citation.kind == "catalogue" for citation in sources):
        tell(out, service.framework().notice, style="dim")


def _source(citation: Citation) -> str:
    quote = f": “{' '.join(citation.quote.split())}”" if citation.quote else ""
    return f"{citation.label}{quote}"
