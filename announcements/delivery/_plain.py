"""A letter of plain words, laid out: each paragraph a text, a code to type, or a link to follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

CODE = re.compile(r"[A-Z0-9]{3,}-?[A-Z0-9]{3,}")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph; `lines` has each line of a text as pieces: words, or an address of our own."""

    kind: Literal["text", "code", "link"]
    text: str
    lines: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a letter says; `foot` is what stands below its rule."""

    subject: str
    text: str
    parts: tuple[Part, ...]
    foot: str


def said(subject: str, body: str) -> Said:
    """Return a letter's words as they are laid out. Only addresses of our own lead anywhere: others may have been put in."""
    words, _rule, foot = body.strip().rpartition("\n-- \n")
    paragraphs = (words or body).strip().split("\n\n")
    return Said(subject, body, tuple(_part(one.strip()) for one in paragraphs if one.strip()), foot if words else "")


def _part(paragraph: str) -> Part:
    own = re.compile(rf"({re.escape(settings.BASE_URL)}(?:/\S*)?)")
    if CODE.fullmatch(paragraph):
        return Part("code", paragraph)
    if own.fullmatch(paragraph):
        return Part("link", paragraph)
    lines = tuple(
        tuple((piece, piece if own.fullmatch(piece) else "") for piece in own.split(line) if piece)
        for line in paragraph.splitlines()
    )
    return Part("text", paragraph, lines)
