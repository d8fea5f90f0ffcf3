"""What a body may hold: the one schema, from which come the sanitizer's allow-list, the normal form and the editor."""

from __future__ import annotations

from typing import Any

# Where a link may lead: a whole address of the web, with its host, or of mail. No part of one: `//host` leads elsewhere, and a
# path leads somewhere else from each place that shows it, and nowhere from a mail.
ADDRESS = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/\\?#\x00-\x1f][^\x00-\x1f\x7f]*|[Mm][Aa][Ii][Ll][Tt][Oo]:[^\x00-\x20\x7f]+"
# Marks, from the outermost in: `<a><strong>…` is the one way to say what is both.
MARKS: dict[str, dict[str, Any]] = {
    "link": {"tag": "a", "attributes": {"href": ADDRESS, "title": ""}, "also": []},
    "bold": {"tag": "strong", "also": ["b"]},
    "italic": {"tag": "em", "also": ["i"]},
    "underline": {"tag": "u", "also": ["ins"]},
    "strike": {"tag": "s", "also": ["del", "strike"]},
    "highlight": {"tag": "mark", "also": []},
    "subscript": {"tag": "sub", "also": []},
    "superscript": {"tag": "sup", "also": []},
    "code": {"tag": "code", "also": []},
}

# Blocks: the tags that make them up, and which values each attribute may have (a pattern; empty: any).
NUMBER = r"[1-9][0-9]{0,3}"
CALLOUTS = ("info", "success", "warning")
LANGUAGE = r"language-[a-z0-9+#-]{1,20}"
BLOCKS: dict[str, dict[str, dict[str, str]]] = {
    "paragraph": {"p": {}, "br": {}},
    "heading": {"h2": {}, "h3": {}, "h4": {}},
    "bullets": {"ul": {}, "li": {}},
    "numbers": {"ol": {"start": r"0|-?[1-9][0-9]{0,8}"}, "li": {}},
    "tasks": {"ul": {"data-kind": "tasks"}, "li": {"data-done": "true|false"}},
    "quote": {"blockquote": {}},
    "callout": {"aside": {"data-kind": "|".join(CALLOUTS)}},
    "code": {"pre": {}, "code": {"class": LANGUAGE}},
    "divider": {"hr": {}},
    "figure": {
        "figure": {},
        "img": {"src": r"/api/v1/images/[0-9a-f]{32}/file", "alt": "", "width": NUMBER, "height": NUMBER},
        "figcaption": {},
    },
    "table": {
        "table": {},
        "thead": {},
        "tbody": {},
        "tr": {},
        "th": {"colspan": NUMBER, "rowspan": NUMBER, "scope": "row|col|rowgroup|colgroup"},
        "td": {"colspan": NUMBER, "rowspan": NUMBER},
    },
}
# What says the same in other words, as others write it.
ALIASES = {alias: mark["tag"] for mark in MARKS.values() for alias in mark["also"]} | {
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
}
# Lists in lists, quotes in quotes: further in, they become one level.
DEEPEST = 8


def _allowed() -> dict[str, dict[str, str]]:
    allowed: dict[str, dict[str, str]] = {mark["tag"]: dict(mark.get("attributes", {})) for mark in MARKS.values()}
    for tags in BLOCKS.values():
        for tag, attributes in tags.items():
            allowed[tag] = allowed.get(tag, {}) | attributes
    return allowed


# Element to attribute to the pattern of its values.
VALUES = _allowed()


def editor_schema() -> dict[str, Any]:
    """Return the schema as the editor takes it: JSON."""
    return {"marks": MARKS, "blocks": BLOCKS, "aliases": ALIASES, "callouts": CALLOUTS, "deepest": DEEPEST}


def kept(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes that an element may have, in the schema's order."""
    return {name: attributes[name] for name in VALUES[tag] if name in attributes}
