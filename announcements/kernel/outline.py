"""What a body refers to: where its links lead, and its images."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Image:
    """An image of a body: the how manieth it is, the words under it, and the words instead of it."""

    number: int
    caption: str
    alt: str


class _Reader(HTMLParser):
    """Collects the links, and the images with their captions."""

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, None] = {}
        self.images: list[dict[str, str]] = []
        self._within: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.links[said["href"].strip()] = None
        elif tag == "img":
            self.images.append({"alt": said.get("alt", ""), "caption": ""})
        elif tag == "figcaption":
            self._within = self.images[-1] if self.images else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "figcaption":
            self._within = None

    def handle_data(self, data: str) -> None:
        if self._within is not None:
            self._within["caption"] += data


def _read(body: str) -> _Reader:
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return reader


def links(body: str) -> list[str]:
    """Return where the links of a body lead, each once: those to other places than this installation, without mail addresses."""
    ours = urlsplit(settings.BASE_URL).netloc.lower()
    return [link for link in _read(body).links if _leaves(link, ours)]


def _leaves(link: str, ours: str) -> bool:
    return bool(re.match(r"https?:", link, re.I)) and not re.match(
        rf"https?://{re.escape(ours)}(?:[/?#]|$)", link, re.I
    )


def images(body: str) -> list[Image]:
    """Return the images of a body in their order."""
    found = _read(body).images
    return [
        Image(number, " ".join(one["caption"].split()), one["alt"].strip()) for number, one in enumerate(found, start=1)
    ]
