"""The prompts: each a Markdown file with `id`, `version` and `variables` in its front matter. Imports nothing of ours.

`load("judge-task").render(requirement=…, …)` fills the placeholders `{{name}}` in one pass: a value is inserted as it
is and never read again, so braces, percent signs or placeholders inside document text have no effect. `Prompt.sha256`
is the hash of the file's text and goes into the record of every run that used it.
"""

from prompts.loader import Prompt, PromptError, ids, load

__all__ = ["Prompt", "PromptError", "ids", "load"]
