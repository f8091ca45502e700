"""The pages. One module a page (readiness, documents, review, ask, export), and the parts they are made of.

Everything goes through `assistant.service`; nothing here writes to the record by another way, and no document's text is
ever read as Markdown or HTML (`inert`). May import everything in `assistant` but the command line.
"""

from assistant.ui.frame import PAGES, start

__all__ = ["PAGES", "start"]
