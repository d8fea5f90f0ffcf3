"""What a mail server does to us: it refuses, closes, is silent, slow, or takes no more."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from tests.faults.stage import Answers, Stage
from tests.mail_servers import CUT


def _share(verb: str, line: str, share: float) -> Answers:
    """Answer a share of what is asked with a line, by chance."""
    return lambda heard, _recipient, _n: line if heard == verb and random.random() < share else None


def smtp(verb: str, line: str, share: float) -> Callable[[Stage], None]:
    return lambda stage: stage.publish(_share(verb, line, share))


def bad_addresses(verb: str, line: str) -> Callable[[Stage], None]:
    """Refuse a tenth of the addresses for good."""

    def answers(heard: str, recipient: str, _n: int) -> str | None:
        return line if heard == verb and recipient.startswith("p1") else None

    return lambda stage: stage.publish(answers)


def no_banner(stage: Stage) -> None:
    def answers(verb: str, _recipient: str, n: int) -> str | None:
        if verb == "BANNER" and n <= 3:
            time.sleep(2)
            return CUT
        return None

    stage.publish(answers)


def a_byte_a_second(stage: Stage) -> None:
    """For a while the server says a byte, and a second later the next."""
    stage.sink.slow = 1
    try:
        stage.publish()
        time.sleep(40)
    finally:
        stage.sink.slow = 0


def rate_limit(stage: Stage) -> None:
    """Take so many, and then nobody's mail for a while."""
    many, back = (2500 if stage.company.size > 2500 else stage.company.size // 2), time.monotonic() + 12

    def answers(verb: str, _recipient: str, n: int) -> str | None:
        return "450 4.7.1 too many" if verb == "RCPT" and n > many and time.monotonic() < back else None

    stage.publish(answers)


def everything_smtp(stage: Stage) -> None:
    """A little of each."""

    def answers(verb: str, recipient: str, n: int) -> str | None:
        if verb == "RCPT" and recipient.startswith("p1"):
            return "550 5.1.1 nobody here"
        if verb == "MAIL" and n % 9 == 0:
            return "421 4.7.0 enough on this connection"
        if verb == "RCPT" and random.random() < 0.1:
            return "450 4.2.0 busy"
        if verb == "BODY" and n % 10 == 0:
            return CUT
        return None

    stage.publish(answers)
