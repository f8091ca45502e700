"""Text that tries to become something else on a page."""

HOSTILE: tuple[str, ...] = (
    "[Click here](https://evil.example/) and https://evil.example/path and www.evil.example",
    "mail me@evil.example or <mailto:me@evil.example>",
    "<img src=x onerror=alert(1)> <script>alert(2)</script> <b>bold</b> &amp; &lt;",
    "![picture](https://evil.example/x.png)",
    "$E=mc^2$ and $$\\int_0^1 x dx$$ costs $5 to $10",
    ":red[alarm] :red-background[x] :blue-badge[y] :small[z] :color[w]{foreground='red'}",
    ":smile: :+1: :streamlit: :material/home: :material/delete:",
    "**bold** *italic* _under_ ~~gone~~ `code` ```fence```",
    "# Heading",
    "- item",
    "1. item",
    "> quote",
    "| a | b |",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "back\\slash \\[x\\]",
    "footnote[^1] [ref]: https://evil.example",
)
