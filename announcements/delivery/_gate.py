"""The gate before the way out: what may leave now, and by which server. It is asked before a row is claimed, so that what waits is not touched."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from announcements.delivery import _pace, _waits, models
from announcements.delivery._kept import store
from announcements.delivery._transport_models import EVERYBODY
from announcements.delivery.channels import mail
from announcements.kernel import mail_servers
from announcements.kernel.outcomes import MOST_MAILS
from announcements.people import services as people

log = logging.getLogger(__name__)
TURN = "mail:turn"
# A pause of the pace that is longer ends the tick for this server; the next one goes on.
NAP = 1.0
# For so long what was known of a server holds: what others met with there is heard no later.
FRESH = timedelta(seconds=2)
# For so long it holds how many mails a server takes over one connection: by then it may be set up otherwise.
SHOWN = timedelta(hours=1)
# A server that was in trouble is well once it has taken so many, or all that a tick had for it.
WELL = 100
NO_TROUBLE = {"failures": 0, "failing_since": None, "rests_until": None, "refused": False, "reply": ""}


class Gate:
    """`with Gate(now) as gate:` for one tick. `shut` are the workspaces nothing of which leaves in this tick."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._transports = mail.Transports(self._own)
        self._servers: dict[int, people.MailServer | None] = {}
        self._looked: dict[int, datetime] = {}
        self._taken: Counter[int] = Counter()
        # By server: one of its workspaces, and how many mails a connection got when the tick began.
        self._most: dict[int, tuple[int, int]] = {}
        self._failed: set[int] = set()
        self._resting: set[int] = set()
        self._unpaused: set[int] = set()
        self._behind: set[int] = set()  # servers for which the pace has left more than goes in this tick
        self._crowded: Counter[str] = Counter()
        self._counted = False
        self.shut: set[int] = set()
        self.done = False  # once nothing is due any more to whom it may go
        self._lacking: Counter[int] = Counter()
        self._keys: dict[int, int] = {}
        self._at_once, self._rate, self._domain_rate = (
            settings.MAIL_AT_ONCE,
            settings.MAIL_RATE,
            settings.MAIL_DOMAIN_RATE,
        )

    def __enter__(self) -> Self:
        self._transports.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transports.__exit__(kind, problem, trace)
        with contextlib.suppress(OperationalError, InterfaceError):
            # First, for nothing else that fails here may be in its way.
            if self._counted:
                # A copy of the database that was made meanwhile does not know of all that was sent.
                _raise_turn()
            if self.done and kind is None:
                for key in self._failed - self._resting - self._behind:
                    self._well(key)
            self._keep_what_was_shown()

    def opens(self, workspace_id: int, now: datetime, *, tests: bool = False) -> bool:
        """Tell whether mail of a workspace may leave now. Tests pass a pause."""
        if workspace_id in self.shut:
            return False
        self._count(now)
        if not self._free(workspace_id, now, tests=tests):
            self.shut.add(workspace_id)
            return False
        return True

    def paced(self, workspace_id: int, *, waiting: bool = True) -> bool:
        """Take a place in the pace of its server, which all workers share: wait a moment for it, or say that this tick is over for it.

        Not `waiting`, say only whether there is one now.
        """
        if not self._rate:
            return True
        name = f"transport:{self.server(workspace_id)}"
        while (wait := _pace.admit(name, self._rate)) > 0:
            if not waiting:
                return False
            if wait > NAP:
                self._behind.add(self.server(workspace_id))
                self.shut.add(workspace_id)
                return False
            time.sleep(wait)
        return True

    def of(self, workspace_id: int, nth: int) -> mail.Line:
        """Return the conversation by which a workspace's mail leaves, the nth with its server."""
        return self._transports.of(workspace_id, nth)

    def server(self, workspace_id: int) -> int:
        """Return the same for workspaces whose mail leaves by the same server."""
        if workspace_id not in self._keys:
            self._keys[workspace_id] = workspace_id if self._own(workspace_id) else EVERYBODY
        return self._keys[workspace_id]

    def room(self, workspace_id: int, used: int) -> bool:
        """Tell whether a server has a connection for one more mail, where so many are under way with it."""
        return used < max(1, self._at_once - self._lacking[self.server(workspace_id)])

    def fewer(self, workspace_id: int) -> None:
        """Note that a server had no connection for a mail: one less is under way with it from now on, and as many as before with others."""
        self._lacking[self.server(workspace_id)] += 1

    def crowded(self, recipient: str) -> timedelta | None:
        """Return how long mail to this address has to wait, because enough goes to its domain already."""
        if not (each := self._domain_rate):
            return None
        domain = recipient.rpartition("@")[2].casefold()
        if (wait := _pace.admit(f"domain:{domain}", each)) <= 0:
            return None
        self._crowded[domain] += 1
        return timedelta(seconds=wait + (self._crowded[domain] - 1) / each)

    def told(self, workspace_id: int, outcome: mail.Outcome, now: datetime) -> None:
        """Note how the server gets on: a trouble of its own is everybody's, and everybody waits."""
        key = self.server(workspace_id)
        if outcome.away:
            self.shut.add(workspace_id)
        if key in self._resting:  # the others that were under way have met with the same, or were taken before
            return
        if not outcome.away:
            self._takes(workspace_id, key, now)
            return
        self._resting.add(key)
        until = self._rest(workspace_id, outcome, now)
        log.warning("the mail server takes nothing, and is asked again at %s: %s", until, outcome.reply)

    def _rest(self, workspace_id: int, outcome: mail.Outcome, now: datetime) -> datetime:
        """Let a server rest, longer each time; return until when."""
        self._row(workspace_id)
        key, refused = self.server(workspace_id), outcome.refuses_us
        rows = models.Transport.objects.filter(workspace_id=key)
        with transaction.atomic():
            # Who counts first holds the row: of two workers that met with something each counts, and neither wipes what the other wrote.
            rows.update(failures=F("failures") + 1)
            row = rows.get()
            until = now + _waits.rest(f"transport-{key}", row.failures, refused=refused)
            since = row.failing_since or now
            rows.update(failing_since=since, rests_until=until, refused=refused, reply=outcome.reply[:200])
        return until

    def _takes(self, workspace_id: int, key: int, now: datetime) -> None:
        """Note that a server takes mail. One that was in trouble is not well yet: it may close the next connection, and rests longer then."""
        self._taken[key] += 1
        if self._taken[key] == 1:
            if self._row(workspace_id).failures:
                self._failed.add(key)
            # Only this: what another worker met with meanwhile stays.
            models.Transport.objects.filter(workspace_id=key).update(submitted_at=now)
        elif self._taken[key] == WELL and key in self._failed:
            self._well(key)

    def _keep_what_was_shown(self) -> None:
        """Write down for the next ticks how many mails servers take over one connection, where they showed something else meanwhile."""
        for key, (workspace_id, before) in self._most.items():
            most = self._transports.trouble(workspace_id).most
            if most != before:
                shown = {"most": most, "most_at": self._now} if most < MOST_MAILS else {"most": None, "most_at": None}
                # Not of a server that was changed meanwhile: it has shown nothing.
                server = fingerprint(self._own(workspace_id))
                models.Transport.objects.filter(workspace_id=key, server=server).update(**shown)

    def _well(self, key: int) -> None:
        """Note that nothing is against a server any more, unless others have met with something since."""
        self._failed.discard(key)
        rows = models.Transport.objects.filter(workspace_id=key).exclude(rests_until__gt=self._now)
        rows.update(**NO_TROUBLE)

    def _free(self, workspace_id: int, now: datetime, *, tests: bool) -> bool:
        """Tell whether nobody paused it and its server does not rest. Looked up again every other second for what is free."""
        key = self.server(workspace_id)
        if not (key in self._looked and timedelta() <= now - self._looked[key] <= FRESH):
            row = self._row(workspace_id)
            if row.rests_until and row.rests_until > now:
                return False
            self._looked[key] = now
            if key not in self._most:
                trouble = self._transports.trouble(workspace_id)
                if row.most and row.most_at and now - row.most_at < SHOWN:
                    trouble.most = row.most
                self._most[key] = workspace_id, trouble.most
        if tests or workspace_id in self._unpaused:
            return True
        if paused(workspace_id):
            return False
        self._unpaused.add(workspace_id)
        return True

    def _row(self, workspace_id: int) -> models.Transport:
        """Return how a workspace's server gets on; nothing is known of one that was changed, and that is written down."""
        key, server = self.server(workspace_id), fingerprint(self._servers[workspace_id])
        row, _new = models.Transport.objects.get_or_create(workspace_id=key, defaults={"server": server})
        if row.server != server:
            # Unless another worker has said so already: what it met with since is about the new one.
            changed = models.Transport.objects.filter(workspace_id=key, server=row.server)
            changed.update(server=server, submitted_at=None, most=None, most_at=None, **NO_TROUBLE)
            row.refresh_from_db()
        return row

    def _own(self, workspace_id: int) -> people.MailServer | None:
        """Return a workspace's own server, the same for the whole tick, whatever is changed meanwhile."""
        if workspace_id not in self._servers:
            self._servers[workspace_id] = people.mail_server(workspace_id=workspace_id)
        return self._servers[workspace_id]

    def _count(self, now: datetime) -> None:
        """Count this tick among those that sent, before anything leaves; and again when it ends."""
        if self._counted:
            return
        models.Transport.objects.get_or_create(workspace_id=EVERYBODY)
        hold_what_is_old(now)
        _raise_turn()
        self._counted = True


def _raise_turn() -> None:
    """Count on, first in the database, so that it is never behind."""
    rows = models.Transport.objects.filter(workspace_id=EVERYBODY)
    rows.update(turn=F("turn") + 1)
    with contextlib.suppress(redis.RedisError):
        store().zadd(TURN, {"turn": rows.get().turn}, gt=True)


def hold_what_is_old(now: datetime) -> bool:
    """Hold all mail when the database is older than what was sent, as after a backup was restored; return whether it is."""
    try:
        sent = int(store().zscore(TURN, "turn") or 0)
    except redis.RedisError:
        return False
    older = models.Transport.objects.filter(workspace_id=EVERYBODY, turn__lt=sent)
    held = bool(older.update(held_at=now, turn=sent))
    if held:
        log.error("the database is older than the mail that was sent: mail is held until an admin resumes it")
    return held


def paused(workspace_id: int) -> bool:
    """Tell whether a workspace's mail waits for a person: somebody paused it, or a backup was restored since it was resumed."""
    row = models.Transport.objects.filter(workspace_id=workspace_id).first()
    if row and row.paused_at:
        return True
    held = models.Transport.objects.filter(workspace_id=EVERYBODY).values_list("held_at", flat=True).first()
    return bool(held and not (row and row.resumed_at and row.resumed_at >= held))


def fingerprint(server: people.MailServer | None) -> str:
    """Return the same for the same server and way in; None is the installation's."""
    used = server or mail_servers.installation()
    way = "" if server else settings.MAIL_BACKEND
    said = (way, used.host, used.port, used.tls, used.user, used.password, used.sealed, used.sender)
    return hashlib.blake2b(repr(said).encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()
