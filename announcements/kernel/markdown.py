"""Markdown, as GitHub writes it: to HTML, and back from a body. `text` is its door, and loads it when it is first asked for."""

from __future__ import annotations

from typing import Any

from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from announcements.kernel import bodies

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class _Back(MarkdownConverter):
    """Writes tasks, callouts and the language of code as GitHub's Markdown does."""

    def convert_li(self, el: Any, text: str, parent_tags: Any) -> str:
        """Start a task with its box."""
        box = {"true": "[x] ", "false": "[ ] "}.get(el.get("data-done"), "")
        written: str = super().convert_li(el, box + text.lstrip() if box else text, parent_tags)  # type: ignore[misc]  # its stubs lack it
        return written

    def convert_aside(self, el: Any, text: str, parent_tags: Any) -> str:
        """Start a callout with its kind."""
        kind = bodies.MARKERS.get(el.get("data-kind"))
        quote: Any = self.convert_blockquote  # type: ignore[attr-defined]  # its stubs lack it
        written: str = quote(el, f"[!{kind}]\n{text.strip()}" if kind else text, parent_tags)
        return written


_back = _Back(
    heading_style="atx",
    bullets="-",
    escape_misc=True,
    code_language_callback=lambda pre: (pre.code.get("class") or [""])[0].removeprefix("language-") if pre.code else "",
)


def render(source: str) -> str:
    """Return the HTML of Markdown: CommonMark, tables, strikethrough. HTML inside it is text, not markup."""
    return str(_markdown.render(source))


def written(body: str) -> str:
    """Return the Markdown of a body."""
    return str(_back.convert(body)).strip()
