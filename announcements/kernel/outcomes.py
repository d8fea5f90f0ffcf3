"""Handing over a mail: the steps, what became of it, and what that tells about the server."""

from __future__ import annotations

import abc
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Literal, NamedTuple, Self

# After so many in a row it is the server that does not want us, and not those people: lost connections, and "not now".
MOST_LOST, MOST_PUT_OFF = 5, 50
# Some servers take so many mails over one connection and say 421 to the next. Until one has shown how many, it is these.
MOST_MAILS = 100
# RFC 3463: what the second number of a 5.x.y reply blames.
ABOUT_ADDRESS, ABOUT_MAILBOX = "1", "2"
ENHANCED = re.compile(r"5\d\d 5\.(\d{1,3})\.(\d{1,3})\b")


class Mail(NamedTuple):
    """A mail, ready to go: `data` are its bytes with CRLF. Of one that is `dotless` it is known that no line begins with a dot."""

    sender: str
    recipient: str
    message_id: str
    data: bytes
    dotless: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail: submitted; later (try again); failed (refused for good); uncertain (cut off before the answer).

    `at` tells whose trouble it is: the server's (it cannot be reached, or takes nothing from us, whoever the mail is to), the
    recipient's, the mail's own, or the line's: there was no further connection to be had, or no time. `code` is the server's, 0 when it said nothing.
    """

    kind: Literal["submitted", "later", "failed", "uncertain"]
    reply: str
    at: Literal["server", "recipient", "mail", "line"] = "mail"
    code: int = 0

    @property
    def away(self) -> bool:
        """Tell whether every mail would have met with the same."""
        return self.at == "server"

    @property
    def refuses_us(self) -> bool:
        """Tell whether the server takes nothing from us for good: a wrong password, a sender that is not ours."""
        return self.away and 500 <= self.code < 600

    @property
    def no_such_address(self) -> bool:
        """Tell whether the server says that the address does not exist; a full mailbox or a policy is another matter."""
        if self.kind != "failed" or self.at != "recipient":
            return False
        if enhanced := ENHANCED.match(self.reply):
            subject, detail = enhanced.groups()
            return subject == ABOUT_ADDRESS or (subject, detail) == (ABOUT_MAILBOX, "1")
        return self.code in (550, 551, 553)


class Trouble:
    """What is known against a server by all connections to it. It is `away` once every mail would meet with the same; over one
    connection it gets `most` mails.
    """

    def __init__(self) -> None:
        self.away: Outcome | None = None
        self.open, self.most = 0, MOST_MAILS
        self._lost = self._put_off = 0

    def is_full(self, taken: int, begun: int) -> bool:
        """Tell whether a server that closes a connection with the mail begun last, after it has taken so many, takes no more over one.

        It shows so once, by each connection that is open then, and no more is begun over one. Who closes one then with which no more
        was begun wants less of us: that is a trouble.
        """
        known = self.most < MOST_MAILS
        if begun <= self.most if known else not taken:
            return False
        self.most = min(self.most, taken or self.most)
        return True

    def counted(self, outcome: Outcome) -> Outcome:
        """Return the server's trouble for what looked like one mail's, when it has been everybody's for a while."""
        later = outcome.kind == "later"
        self._lost = self._lost + 1 if later and not outcome.code else 0
        self._put_off = self._put_off + 1 if later else 0
        if self._lost >= MOST_LOST or self._put_off >= MOST_PUT_OFF:
            outcome = replace(outcome, at="server")
        if outcome.away:  # it may be stopped, or set up anew: what it had shown counts no more
            self.away, self.most = outcome, MOST_MAILS
        return outcome


class Line(abc.ABC):
    """`with line:` hands mails over one after another, each in steps: `ask` whether it would be taken, `answer`, `tell` it, `outcome`.

    Who `tell`s a mail and says which comes `then` has asked for that one with it: its answer is heard after the outcome.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()

    @property
    @abc.abstractmethod
    def is_open(self) -> bool:
        """Tell whether there is a connection."""

    @property
    @abc.abstractmethod
    def lacks_connection(self) -> bool:
        """Tell whether it has none, though its server is there: `connect` makes one, which takes a while, and others may do so at the same time."""

    @abc.abstractmethod
    def connect(self) -> None:
        """Make a connection ahead. It touches nothing that lines share."""

    @abc.abstractmethod
    def connected(self) -> None:
        """Ask for the mail that was begun over what `connect` has made."""

    @abc.abstractmethod
    def leave(self) -> None:
        """Say good-bye, and wait for no answer yet."""

    @abc.abstractmethod
    def ask(self, mail: Mail) -> None:
        """Begin a mail; what is said to that is the `answer`."""

    @abc.abstractmethod
    def listen(self, until: float) -> None:
        """Hear the answer where a connection is open, and drop one that has ended. Nothing is waited for beyond that moment
        (`time.monotonic`), nor by `answer`, which then says that the line had no time left.
        """

    @abc.abstractmethod
    def answer(self) -> Outcome | None:
        """Return what stands in the way of its body; None when that may be told."""

    @abc.abstractmethod
    def tell(self, then: Mail | None = None) -> None:
        """Hand the body over; what becomes of it is the `outcome`. The mail that comes then is begun as soon as that can be done."""

    @abc.abstractmethod
    def outcome(self) -> Outcome:
        """Return what became of the mail that was told."""

    @abc.abstractmethod
    def drop(self) -> None:
        """End what was begun, and hand nothing of it over."""

    def submit(self, mail: Mail, on_body: Callable[[], bool]) -> Outcome:
        """Hand a mail over. `on_body` is called before its body goes out and may still say no."""
        self.ask(mail)
        if refused := self.answer():
            return refused
        if not on_body():
            self.drop()
            return Outcome("later", "the lease was lost")
        self.tell()
        return self.outcome()
