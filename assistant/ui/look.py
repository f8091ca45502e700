"""What the theme file cannot say about the look: narrower margins, denser lists, a bar beside quotes, and the mark.

The style sheet is a constant of ours; no text of a document, a file or a person ever reaches it.
"""

from __future__ import annotations

import base64

import streamlit as st

_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 4rem 2rem 2rem; max-width: 1680px; }
[data-testid="stSidebarUserContent"] { padding-top: 0.5rem; }
[class*="st-key-quote_"] { border-left: 3px solid #b0653a; padding-left: 0.75rem; }
[class*="st-key-requirement_"] { padding: 0.3rem 0.5rem; border-radius: 6px; border-left: 3px solid transparent; }
[class*="st-key-requirement_here_"] { background: rgba(176, 101, 58, 0.12); border-left-color: #b0653a; }
[class*="st-key-requirement_"] p { line-height: 1.3; }
[class*="st-key-requirement_"] button { min-height: 0; padding-top: 0; padding-bottom: 0; }
[class*="st-key-tally_"] h2 { padding: 0 0 0.5rem; }
[data-testid="stCaptionContainer"] { overflow-wrap: anywhere; }
[class*="st-key-fact_row_"] p, [class*="st-key-fact_row_"] button { line-height: 1.35; min-height: 0; }
[class*="st-key-asked_"] > div { background: rgba(176, 101, 58, 0.10); border-radius: 8px; }
[class*="st-key-asked_"] [data-testid="stChatMessage"] { background: transparent; }
[class*="st-key-cite_"] button { min-height: 0; }
[class*="st-key-example_"] button { justify-content: flex-start; }
</style>
"""

_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#9c4f1c"/>'
    '<path d="M8 24 16 7l8 17M11.2 18.5h9.6" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)

_WORDMARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 32"><rect width="32" height="32" rx="7" fill="#9c4f1c"/>'
    '<path d="M8 24 16 7l8 17M11.2 18.5h9.6" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" '
    'stroke-linejoin="round"/><text x="42" y="24" font-family="Inter,Segoe UI,Helvetica Neue,Arial,sans-serif" '
    'font-size="23" font-weight="650" fill="#b0653a">Assay</text></svg>'
)


def dress() -> None:
    """Apply style sheet and mark to the page."""
    st.logo(_address(_WORDMARK), icon_image=_address(_MARK), size="large")
    st.html(_STYLE)


def icon() -> str:
    """The page's icon. Not a named one: those are fetched from a font server."""
    return _address(_MARK)


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
