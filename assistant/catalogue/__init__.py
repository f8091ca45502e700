"""Frameworks of criteria as data: load and validate them, and decide what applies to a site.

The built-in catalogue `rra-v2` is a working paraphrase in our own words, never the official text. Imports models and
errors only.
"""

from assistant.catalogue.applicability import applies
from assistant.catalogue.loader import BUILT_IN, load

__all__ = ["BUILT_IN", "applies", "load"]
