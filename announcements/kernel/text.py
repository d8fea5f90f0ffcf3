"""One text for all edges: what a body may contain, how Markdown becomes it, and how long it takes to read."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import nh3
from django.conf import settings

from announcements.kernel import bodies

WORDS_PER_MINUTE = 220
MAX_BODY = 400_000
MOST_PASSES = 5
MOST_NESTED = 1_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_SINGLE = {"br", "hr", "img", "p", "col", "input", "meta", "link", "wbr"}

ALLOWED = {tag: set(attributes) for tag, attributes in bodies.VALUES.items()}
# Groups of blocks: their content stands for them.
GROUPS = {"div", "section", "article", "main", "header", "footer"}
SCHEMES = {"http", "https", "mailto"}
IMAGE = re.compile(r"/api/v1/images/([0-9a-f]{32})/file")

# Invisible characters that turn the order of all text up to where they end (Unicode TR 36, bidirectional spoofing).
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
# Those that give a direction to one place, and others that hide. Names are compared, and have none of them.
_MARKING = "\u200e\u200f\u061c"
_HIDDEN = dict.fromkeys(map(ord, "\ufeff\u0000"))
# Signs that nobody sees and XML, in feeds and mails, cannot say.
_CONTROL = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
# As the sanitizer writes it.
_SHOWN = re.compile(r'<img\b[^>]*?\ssrc="/api/v1/images/([0-9a-f]{32})/file"')
_SPACE = re.compile(r"[ \t\r\f\v]+")


def _kept(tag: str, name: str, value: str) -> str | None:
    """Keep the values that the schema names. An image must be one uploaded here: one from elsewhere would tell its owner who reads what, and when."""
    if (tag, name) == ("a", "href"):
        value = _whole(value.strip())
    pattern = bodies.VALUES.get(tag, {}).get(name)
    return value if not pattern or re.fullmatch(pattern, value) else None


def _whole(address: str) -> str:
    """Return a path of our own pages as an address that leads there from anywhere."""
    ours = address[:1] == "/" and address[1:2] not in ("/", "\\")
    return settings.BASE_URL.rstrip("/") + address if ours else address


_TAGS = set(ALLOWED) | set(bodies.ALIASES) | GROUPS
_RULES: dict[str, Any] = {
    "tags": _TAGS,
    "clean_content_tags": {
        "script", "style", "template", "title", "noscript", "iframe", "object", "svg", "math", "textarea", "select",
    },
    "attributes": {"*": set[str]()} | {tag: names for tag, names in ALLOWED.items() if names},
    "link_rel": "noopener noreferrer",
    "strip_comments": True,
}  # fmt: skip
_cleaner = nh3.Cleaner(**_RULES, url_schemes=SCHEMES, attribute_filter=_kept)


def sanitize(source: str) -> str:
    """Return `source` with nothing but the allowed elements, attributes and link schemes. Applying it twice changes nothing."""
    body = _clean(_shallow(_without_surrogates(source).translate({0: None})))
    # Taking an element out can leave a heading in a heading, which the next reader of it would part.
    for _ in range(MOST_PASSES):
        if (again := _clean(body)) == body:
            break
        body = again
    return body


def _clean(source: str) -> str:
    # Only now no entity hides a character any more.
    return bodies.write(_tree(_cleaner.clean(source).translate(_TURNING | _CONTROL)))


def _shallow(source: str) -> str:
    """Take out the tags that are nested beyond reason, which would cost a parser the square of their number."""
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[1]:
            depth = max(0, depth - 1)
            return tag[0] if depth < MOST_NESTED else ""
        depth += tag[2].lower() not in _SINGLE
        return tag[0] if depth <= MOST_NESTED else ""

    if source.count("<") <= MOST_NESTED:
        return source
    # Behind the last ">" no tag ends, and looking for its end from each "<" would cost the square of their number.
    end = source.rfind(">") + 1
    return _TAG.sub(kept, source[:end]) + source[end:]


def with_pictures(source: str, find: Callable[[str], str], base: str = "") -> str:
    """Return the body of HTML from elsewhere, from the page `base`: each picture has the address that `find` gives for its own, or is left out."""

    def found(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return _kept(tag, name, find(value))
        if (tag, name) == ("a", "href"):
            with suppress(ValueError):
                value = urljoin(base, value.strip())
            if value.startswith("/"):
                return None  # it is not ours that it is a part of
        return _kept(tag, name, value)

    pictured = nh3.Cleaner(**_RULES, url_schemes=SCHEMES | {"data"}, attribute_filter=found)
    return sanitize(pictured.clean(_shallow(_without_surrogates(source).translate({0: None}))))


def image_address(key: str) -> str:
    """Return the address of an image, the only kind that a body may show."""
    return f"/api/v1/images/{key}/file"


def image_keys(body: str) -> set[str]:
    """Return the keys of the images that a sanitized body shows."""
    return set(_SHOWN.findall(body))


def without_images(body: str) -> str:
    """Return a sanitized body without its images, and without the figures around them."""
    return _clean(re.sub(r"<figure>.*?</figure>|<img\b[^>]*>", "", body, flags=re.S))


def from_markdown(source: str, pictures: Callable[[str], str] | None = None) -> str:
    """Return the body of GitHub's Markdown: CommonMark, tables, strikethrough, tasks, callouts. HTML inside it is text, not markup.

    With `pictures`, each picture has the address that it gives for its own, see `with_pictures`.
    """
    from announcements.kernel import (
        markdown,
    )  # what it leans on takes long to load, and a web process is there sooner without

    html = markdown.render(source)
    body = with_pictures(html, pictures) if pictures else sanitize(html)
    return sanitize(bodies.write(bodies.understood(_tree(body)))) if "[" in body else body


def to_markdown(body: str) -> str | None:
    """Return the Markdown that `from_markdown` makes this body of; None when Markdown cannot say all of it."""
    source = near_markdown(body)
    return source if _compact(from_markdown(source)) == _compact(body) else None


def near_markdown(body: str) -> str:
    """Return what Markdown can say of a body; a table keeps its text, a picture its address, neither their fine print."""
    from announcements.kernel import markdown  # as above

    return markdown.written(body)


def _compact(body: str) -> str:
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", _SPACE.sub(" ", body))


@lru_cache(maxsize=200)  # everybody who reads or searches asks for the same bodies
def to_plain(body: str) -> str:
    """Return what a body says, as lines of plain text; a link keeps its address in angle brackets."""
    return re.sub(r"\n{3,}", "\n\n", bodies.plain(_tree(body))).strip()


def to_looks(body: str) -> list[list[tuple[str, str]]]:
    """Return the lines of `to_plain` that say something, each as stretches: what it says, and how that looks. A picture without a description is `…`."""
    return [bodies.parted(line) for line in bodies.plain(bodies.looks(_tree(body))).splitlines() if line]


def to_letter(body: str) -> str:
    """Return a body as mail programs show it."""
    return bodies.write(bodies.lettered(_tree(body)))


def _tree(body: str) -> bodies.Element:
    return bodies.normal(bodies.read(body))


def one_line(source: str, *, marks: bool = False) -> str:
    """Return `source` as one tidy line: normalized (NFC), no control or direction-override characters, single spaces.

    With `marks` it keeps the marks of direction that a line in two scripts needs, where there is something to read beside them.
    """
    if source.isascii() and source.isprintable():
        return " ".join(source.split())  # nothing of all that is in it; a list of people asks this very often
    kept = _without_surrogates(source).translate(_TURNING | _HIDDEN)
    plain = kept.translate(dict.fromkeys(map(ord, _MARKING)))
    if not marks or not plain.strip():
        kept = plain
    spaced = "".join(c if unicodedata.category(c) != "Cc" else " " for c in kept)
    return " ".join(unicodedata.normalize("NFC", spaced).split())


def first_name(name: str) -> str:
    """Return what one is called by: the first word of a name."""
    return name.split()[0] if name.split() else ""


def paragraphs(source: str) -> str:
    """Return `source` as tidy lines, at most one empty one between two."""
    tidy = "\n".join(map(one_line, _without_surrogates(source).splitlines()))
    return re.sub(r"\n{3,}", "\n\n", tidy).strip("\n")


def _without_surrogates(source: str) -> str:
    # JSON can carry half of a character; neither the sanitizer nor a database can.
    return source.encode("utf-8", "ignore").decode()


@lru_cache(maxsize=200)  # as above
def count_words(body: str) -> int:
    """Return the number of words of a body: what has a letter or a digit in it."""
    said = bodies.said(_tree(body).children)
    return sum(any(map(str.isalnum, word)) for word in said.split())


def reading_seconds(body: str) -> int:
    """Return the estimated reading time in seconds at 220 words a minute; at least one second."""
    return max(1, round(count_words(body) * 60 / WORDS_PER_MINUTE))


def reading_minutes(body: str) -> int:
    """Return the estimated reading time in whole minutes, rounded up; at least one."""
    return max(1, math.ceil(reading_seconds(body) / 60))
