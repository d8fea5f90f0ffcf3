"""The kinds of refusal a door may answer with. Each capability names its own errors as subclasses of these.

An edge translates the kind, never the name: NotFound is a 404, Forbidden a 403, Invalid a 422, Conflict a 409, Busy a 503.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A door declines. `code` is stable for machines; the message is a full sentence for people.

    `fields` maps the name of what was given wrong, when that is known, to sentences saying what is wrong and what is allowed.
    """

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, list[str]] = {}
        if code:
            self.code = code


class NotFound(Refused):
    """It does not exist, or not for this person: the two are never told apart."""

    code = "not_found"

    def __init__(self, message: str = "There is nothing here for you.", *, code: str | None = None) -> None:
        super().__init__(message, code=code)


class Forbidden(Refused):
    """They may see it, and may not do this with it."""

    code = "forbidden"


class Conflict(Refused):
    """It is no longer in the state this needs."""

    code = "conflict"


class Busy(Refused):
    """There is no room for it at this moment; nothing was done. Asked again later it is answered."""

    code = "busy"

    def __init__(self, message: str = "There is no room for this at the moment.") -> None:
        super().__init__(message)


class Invalid(Refused):
    """What was given cannot be used; `fields` says why."""

    code = "invalid"

    def __init__(self, fields: Mapping[str, list[str]], *, code: str | None = None) -> None:
        super().__init__("; ".join(sentence for sentences in fields.values() for sentence in sentences), code=code)
        self.fields = {name: list(sentences) for name, sentences in fields.items()}
