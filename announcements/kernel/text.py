"""One text for all edges: what a body may contain, how Markdown becomes it, and how long it takes to read."""

from __future__ import annotations

import html
import math
import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

WORDS_PER_MINUTE = 220
MAX_BODY = 400_000
MOST_PASSES = 5

# The one allow-list. The editor's schema is made from the same dict.
ALLOWED: dict[str, set[str]] = {
    "p": set(), "br": set(), "hr": set(), "h2": set(), "h3": set(), "h4": set(),
    "strong": set(), "em": set(), "s": set(), "u": set(), "code": set(), "pre": set(), "mark": set(), "sub": set(), "sup": set(),
    "ul": set(), "ol": {"start"}, "li": set(), "blockquote": set(), "aside": set(),
    "a": {"href", "title"}, "img": {"src", "alt", "width", "height"}, "figure": set(), "figcaption": set(),
    "table": set(), "thead": set(), "tbody": set(), "tr": set(), "th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}
IMAGE = re.compile(r"/api/v1/images/([0-9a-f]{32})/file")

# Invisible characters that reorder or hide text around them (Unicode TR 36, bidirectional spoofing).
_OVERRIDES = dict.fromkeys(
    map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u0000")
)
_BLOCKS = re.compile(r"</(?:p|h[2-4]|li|blockquote|pre|tr|figcaption|aside|table|ul|ol)>|<(?:br|hr)\s*/?>")
# As the sanitizer writes them: an image that has lost its address, and the address of one that has not.
_NO_IMAGE = re.compile(r'<img(?:\s+(?!src=)[a-z]+="[^"]*")*\s*>')
_SHOWN = re.compile(r'<img\b[^>]*?\ssrc="/api/v1/images/([0-9a-f]{32})/file"')
_SPACE = re.compile(r"[ \t\r\f\v]+")


def _kept(tag: str, name: str, value: str) -> str | None:
    """Keep an image only if it was uploaded here: one from elsewhere would tell its owner who reads what, and when."""
    return value if (tag, name) != ("img", "src") or IMAGE.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags={
        "script",
        "style",
        "template",
        "title",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "textarea",
        "select",
    },
    attributes={"*": set[str]()} | {tag: names for tag, names in ALLOWED.items() if names},
    url_schemes=SCHEMES,
    attribute_filter=_kept,
    link_rel="noopener noreferrer",
    strip_comments=True,
)
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_back = MarkdownConverter(heading_style="atx", bullets="-", escape_misc=True)


def sanitize(source: str) -> str:
    """Return `source` with nothing but the allowed elements, attributes and link schemes. Applying it twice changes nothing."""
    body = _clean(_without_surrogates(source).translate({0: None}))
    # Taking an element out can leave a heading in a heading, which the next reader of it would part.
    for _ in range(MOST_PASSES):
        if (again := _clean(body)) == body:
            break
        body = again
    return body


def _clean(source: str) -> str:
    return _NO_IMAGE.sub("", _cleaner.clean(source)).strip()


def image_address(key: str) -> str:
    """Return the address of an image, the only kind that a body may show."""
    return f"/api/v1/images/{key}/file"


def image_keys(body: str) -> set[str]:
    """Return the keys of the images that a sanitized body shows."""
    return set(_SHOWN.findall(body))


def without_images(body: str) -> str:
    """Return a sanitized body without its images, and without the figures around them."""
    return _clean(re.sub(r"<figure>.*?</figure>|<img\b[^>]*>", "", body, flags=re.S))


def from_markdown(source: str) -> str:
    """Return the sanitized HTML of CommonMark with tables and strikethrough. HTML inside it is text, not markup."""
    return sanitize(_markdown.render(source).replace("<h1>", "<h2>").replace("</h1>", "</h2>"))


def to_markdown(body: str) -> str | None:
    """Return the Markdown that `from_markdown` makes this body of; None when Markdown cannot say all of it."""
    source: str = _back.convert(body).strip()
    return source if _compact(from_markdown(source)) == _compact(body) else None


def _compact(body: str) -> str:
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", _SPACE.sub(" ", body))


def to_plain(body: str) -> str:
    """Return what a body says, as lines of plain text; a link keeps its address in angle brackets."""
    linked = re.sub(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', _with_address, body, flags=re.S)
    listed = linked.replace("<li>", "- ")
    parted = re.sub(r"</t[dh]>", "  ", listed)
    text = html.unescape(nh3.clean(_BLOCKS.sub("\n\n", parted), tags=set()))
    lines = [_SPACE.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _with_address(link: re.Match[str]) -> str:
    address, label = link[1], link[2]
    return label if re.sub(r"<[^>]+>", "", label) == address else f"{label} &lt;{address}&gt;"


def one_line(source: str) -> str:
    """Return `source` as one tidy line: normalized (NFC), no control or direction-override characters, single spaces."""
    if source.isascii() and source.isprintable():
        return " ".join(source.split())  # nothing of all that is in it; a list of people asks this very often
    kept = _without_surrogates(source).translate(_OVERRIDES)
    spaced = "".join(c if unicodedata.category(c) != "Cc" else " " for c in kept)
    return " ".join(unicodedata.normalize("NFC", spaced).split())


def paragraphs(source: str) -> str:
    """Return `source` as tidy lines, at most one empty one between two."""
    tidy = "\n".join(map(one_line, _without_surrogates(source).splitlines()))
    return re.sub(r"\n{3,}", "\n\n", tidy).strip("\n")


def _without_surrogates(source: str) -> str:
    # JSON can carry half of a character; neither the sanitizer nor a database can.
    return source.encode("utf-8", "ignore").decode()


@lru_cache(maxsize=200)  # every reader's feed asks for the same bodies
def count_words(body: str) -> int:
    """Return the number of words of a body."""
    return len(to_plain(body).split())


def reading_seconds(body: str) -> int:
    """Return the estimated reading time in seconds at 220 words a minute; at least one second."""
    return max(1, round(count_words(body) * 60 / WORDS_PER_MINUTE))


def reading_minutes(body: str) -> int:
    """Return the estimated reading time in whole minutes, rounded up; at least one."""
    return max(1, math.ceil(reading_seconds(body) / 60))
