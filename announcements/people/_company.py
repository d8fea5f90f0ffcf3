"""The values of a company's settings: clocks, links, its mail server, how far it is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SetupName = Literal["organization", "mail", "people", "tab", "announcement"]
SetupState = Literal["open", "done", "skipped"]
Privacy = Literal["standard", "open", "works_council"]
# The pictures a link may have; names of Lucide.
ICONS = (
    "link", "globe", "house", "book-open", "calendar", "calendar-off", "message-square", "mail", "phone", "life-buoy", "users",
    "graduation-cap", "heart-pulse", "receipt", "wallet", "calculator", "scale", "chart-column", "folder", "file-text", "hard-drive",
    "package", "truck", "map-pin", "wrench", "shield", "code", "palette", "coffee", "utensils",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """A place whose time the new tab shows."""

    label: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere the new tab leads to."""

    label: str
    url: str
    icon: str = "link"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A company's mail server, as its admins see it: the password is kept and never shown."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    user: str
    has_password: bool
    sender: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class MailServerChanges:
    """What an owner may change about the mail server; None leaves it as it is."""

    host: str | None = None
    port: int | None = None
    tls: str | None = None
    user: str | None = None
    password: str | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A step of the first run, and what became of it."""

    name: SetupName
    state: SetupState


@dataclass(frozen=True, slots=True)
class Setup:
    """How far a company is set up. `current` is the first step that is open; closed, it bothers nobody."""

    steps: tuple[SetupStep, ...]
    draft_id: int | None
    closed_at: datetime | None

    @property
    def current(self) -> SetupName | None:
        """Return the first step that is open; None when there is none."""
        return next((step.name for step in self.steps if step.state == "open"), None)
