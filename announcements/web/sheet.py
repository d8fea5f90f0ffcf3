"""A chart to take along: SVG that stands alone, with its title, its date, and real colors instead of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as Xml

from django.http import HttpResponse

# What the tokens of static/css/tokens.css are on paper, in the light theme; a test holds them to it.
COLORS = {
    "surface": "#ffffff", "sunken": "#f4f3f0", "hover": "#f0efeb", "line-strong": "#d1cfca",
    "ink": "#19201c", "ink-2": "#49514c", "ink-3": "#666c67", "on-accent": "#ffffff",
    "attn": "#d89534", "attn-ink": "#8a5111",
    "c-tab": "#2a7257", "c-email": "#5988b4", "c-slack": "#e1b25f", "c-mute": "#d9d7d2", "c-grid": "#e9e8e6",
    "h0": "#f1f6f2", "h1": "#daeee2", "h2": "#badfcb", "h3": "#93c9ae", "h4": "#61a486", "h5": "#31785d", "h6": "#175741",
}  # fmt: skip
FONT = "'Inter Variable', Inter, 'Segoe UI', 'Noto Sans', sans-serif"
EDGE, BODY = 24, 94
# How wide a letter is, of the size of its font, on average; and how far below its middle a line of text stands.
LETTER, MIDDLE = 0.62, 0.36
# A legend's mark, and what lies between two.
MARK, GAP = 10, 18


def cut(words: str, room: float, size: float = 12) -> str:
    """Return words, shortened to about so much room."""
    most = max(1, int(room / (size * LETTER)))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def wide(words: str, size: float = 12) -> float:
    """Return about how wide words are."""
    return len(words) * size * LETTER


class Sheet:
    """A drawing of a width, which grows downwards. Colors are given by the names of tokens."""

    def __init__(self, *, width: int, title: str, chart: str, said: str) -> None:
        """Begin with its title, which chart it is, and what it shows in words, for those who hear it."""
        self.width, self.y = width, float(BODY)
        self.inner = width - 2 * EDGE
        self._root = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONT})
        self._root.attrib |= {"role": "img", "font-size": "12"}
        self._into = self._root
        Xml.SubElement(self._root, "title").text = f"{chart} · {title}"
        Xml.SubElement(self._root, "desc").text = said
        self._paper = self.add("rect", width=width, fill="surface")
        self.words(EDGE, 36, cut(title, self.inner, 16), font_size=16, font_weight=600)
        self.words(EDGE, 60, chart, fill="ink-2", font_size=13)

    def add(self, tag: str, **attributes: object) -> Xml.Element:
        """Add a mark; `fill` and `stroke` are names of colors, underscores of names stand for hyphens."""
        told = {name.replace("_", "-"): _said(name, value) for name, value in attributes.items()}
        return Xml.SubElement(self._into, tag, told)

    @contextmanager
    def moved(self, x: float, y: float) -> Iterator[None]:
        """Draw what is drawn meanwhile so far to the right and further down."""
        outside = self._into
        self._into = Xml.SubElement(outside, "g", {"transform": f"translate({x:g} {y:g})"})
        yield
        self._into = outside

    def words(self, x: float, y: float, words: str, **more: object) -> None:
        """Add a line of text with its middle at `y`."""
        size = float(str(more.get("font_size", 12)))
        self.add("text", x=x, y=round(y + size * MIDDLE, 1), **{"fill": "ink", **more}).text = words

    def legend(self, entries: Sequence[tuple[str, str]]) -> None:
        """Add a line of colors and what they stand for; a further one where they do not fit."""
        x = float(EDGE)
        for color, words in entries:
            if x > EDGE and x + MARK + 6 + wide(words) > self.width - EDGE:
                x, self.y = EDGE, self.y + 20
            self.add("rect", x=x, y=self.y - MARK / 2, width=MARK, height=MARK, rx=2, fill=color)
            self.words(x + MARK + 6, self.y, words, fill="ink-2")
            x += MARK + 6 + wide(words) + GAP
        self.y += 28

    def finish(self, foot: str) -> HttpResponse:
        """Close it with a line at its foot, and answer it as a file to keep."""
        self.words(EDGE, self.y + 12, cut(foot, self.inner, 11), fill="ink-3", font_size=11)
        height = round(self.y + 36)
        self._root.attrib |= {"width": str(self.width), "height": str(height), "viewBox": f"0 0 {self.width} {height}"}
        self._paper.set("height", str(height))
        return HttpResponse(
            Xml.tostring(self._root, encoding="utf-8", xml_declaration=True), content_type="image/svg+xml"
        )


def _said(name: str, value: Any) -> str:
    if name in ("fill", "stroke") and value != "none":
        return COLORS[value]
    return f"{value:g}" if isinstance(value, float) else str(value)
