"""Stencils: a letter that many get, made once, with gaps for what is each one's own. Filling one costs no rendering."""

from __future__ import annotations

import binascii
import re
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import lru_cache
from typing import NamedTuple

from announcements.kernel import letters, text
from announcements.kernel.smtp import Mail

# What quoted-printable leaves as it is, wherever it stands in a line.
VALUE = re.compile(r"[A-Za-z0-9._-]+")
# A name that is said without quotes, as it is.
WORDS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
NEWLINE = re.compile(r"\r\n|\r|\n")
LINE = 70
PAGE = "<"
# Made each time, so that they replace nothing but themselves.
_NONE = "-"
NO_WORDS: Mapping[str, str] = {}
Write = Callable[[Mapping[str, str]], letters.Letter]


class Own(NamedTuple):
    """What of a letter is somebody's own: `to` is (name, address), `headers` are in ASCII, `gaps` stand in the text by their names, and so
    do `words`, which may have any letters.
    """

    to: tuple[str, str]
    headers: Mapping[str, str]
    gaps: Mapping[str, str]
    words: Mapping[str, str] = NO_WORDS


@dataclass(frozen=True, slots=True)
class Stencil:
    """The bytes of a letter as `pieces`; at each place in `gaps` one is missing, the value of that name; of words in the page, of PAGE and it."""

    sender: str
    pieces: tuple[bytes, ...]
    gaps: tuple[tuple[int, str], ...]

    def fill(self, own: Own, *, now: datetime) -> Mail:
        """Return the letter as somebody's own; raise ValueError for what would not stay in its place."""
        pieces = list(self.pieces)
        values = {name: _value(said) for name, said in own.gaps.items()}
        for name, said in own.words.items():
            plain = VALUE.fullmatch(said)
            values[name] = _value(said) if plain else _quoted(said)
            values[PAGE + name] = values[name] if plain else _quoted(_escaped(said))
        for place, name in self.gaps:
            pieces[place] = values[name]
        pieces[0] = _headers({"To": _to(own.to), "Date": _date(now), **own.headers})
        return Mail(self.sender, own.to[1], own.headers["Message-ID"], b"".join(pieces), dotless=True)


def plain(write: Write, own: Own, *, now: datetime) -> Mail:
    """Return the same letter without a stencil: what one has to say, word for word."""
    letter = write({**own.gaps, **own.words})
    return letters.compose(replace(letter, to=own.to, headers={**letter.headers, **own.headers}), now=now)


def cut(write: Write, names: Sequence[str], words: Sequence[str] = ()) -> Stencil:
    """Return the stencil of what `write` makes of marks that stand where the values will, and the words; in the language that is active."""
    secret = secrets.token_hex(12)
    marks = {name: f"gap{secret}{n}x" for n, name in enumerate([*names, *words])}
    letter = write(marks)
    said, empty = letters.say(letter), letters.Said("", f"text{secret}", f"html{secret}")
    whole = letters.assemble(
        replace(letter, to=("", ""), headers={**letter.headers, "Date": _NONE, "Message-ID": _NONE}),
        replace(empty, subject=said.subject),
    )
    for line in (f"Date: {_NONE}\r\n", f"Message-ID: {_NONE}\r\n"):
        whole = whole.replace(line.encode(), b"", 1)
    head, between, end = re.split(f"{empty.text}|{empty.html}".encode(), whole)
    pieces, gaps = [b"", head], list[tuple[int, str]]()
    for body, after, of_words in ((said.text, between, ""), (said.html, end, PAGE)):
        _cut(body, {mark: (of_words if name in words else "") + name for name, mark in marks.items()}, pieces, gaps)
        pieces.append(after)
    return Stencil(letters.sender(letter), tuple(pieces), tuple(gaps))


def _cut(body: str, marks: Mapping[str, str], pieces: list[bytes], gaps: list[tuple[int, str]]) -> None:
    for part in re.split("(" + "|".join(marks) + ")", body):
        if name := marks.get(part):
            gaps.append((len(pieces), name))
            pieces.append(b"")
        else:
            pieces.append(_quoted(part))


def _quoted(part: str) -> bytes:
    """Return text as quoted-printable that ends within a line, so that what follows begins a line of its own."""
    lines = NEWLINE.sub("\r\n", part).encode()
    quoted = binascii.b2a_qp(lines, quotetabs=False, istext=True, header=False)
    # It ends the lines it breaks as the first of the text ends, and with a bare LF when there is none.
    quoted = quoted.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    # No line begins with a dot, which SMTP would have doubled (RFC 5321, 4.5.2).
    quoted = quoted.replace(b"\r\n.", b"\r\n=2E")
    return (b"=2E" + quoted[1:] if quoted.startswith(b".") else quoted) + b"=\r\n"


def _escaped(said: str) -> str:
    """Return words as a page says them (https://html.spec.whatwg.org/multipage/parsing.html#escapingString)."""
    said = said.replace("&", "&amp;").replace("\xa0", "&nbsp;")
    return said.replace("<", "&lt;").replace(">", "&gt;")


def _value(said: str) -> bytes:
    if not VALUE.fullmatch(said):
        raise ValueError("that has letters which would have to be quoted")
    if len(said) <= LINE and said[0] != ".":
        return f"{said}=\r\n".encode()
    lines = [said[n : n + LINE].encode() for n in range(0, len(said), LINE)]
    return b"".join((b"=2E" + line[1:] if line[:1] == b"." else line) + b"=\r\n" for line in lines)


def _headers(said: Mapping[str, str]) -> bytes:
    for value in said.values():
        if ("\n" in value or "\r" in value) and not set("\r\n").isdisjoint(value.replace("\r\n ", "")):
            raise ValueError("a header has one line")
    return "".join([f"{name}: {value}\r\n" for name, value in said.items()]).encode("ascii")


def _to(to: tuple[str, str]) -> str:
    name, address = to
    if WORDS.fullmatch(name):
        return f"{name} <{address}>"
    name = text.one_line(name)
    if name.isascii():
        return formataddr((name, address))
    named = Header(name, "utf-8").encode(linesep="\r\n")
    return f"{named}\r\n <{address}>"


@lru_cache(64)
def _date(now: datetime) -> str:
    return format_datetime(now)


class Press:
    """Keeps the stencils of a while. `key` holds all that a letter says but for its gaps: what differs is cut anew."""

    MOST = 256

    def __init__(self) -> None:
        self._stencils: dict[Hashable, Stencil] = {}

    def print(self, key: Hashable, cut: Callable[[], Stencil], own: Own, *, now: datetime) -> Mail:
        """Return somebody's own copy of a letter."""
        stencil = self._stencils.get(key)
        if stencil is None:
            if len(self._stencils) >= self.MOST:
                del self._stencils[next(iter(self._stencils))]
            stencil = self._stencils[key] = cut()
        return stencil.fill(own, now=now)
