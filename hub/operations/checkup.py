"""Whether each part that an installation leans on is well, and what to do when it is not."""

from __future__ import annotations

import os
import re
import shutil
import smtplib
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core import checks, mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from announcements.delivery import services as delivery
from announcements.kernel import heart

DRIFT = 2  # seconds that clocks may differ
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
ROOM = 1 << 30  # bytes that should be free

State = Literal["well", "warning", "ill"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of a part, and what to do about it (empty when it is well)."""

    part: str
    state: State
    said: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Look at every part, one after another. Nothing is changed but a file that is written and removed at once."""
    leaned_on = (database, schema, clock, queue, beats, mail_server, held_mail)
    for look in (*leaned_on, addresses, secrets, static_files, uploads, backup, disk, framework):
        yield from look()


def database() -> Iterator[Finding]:
    """Ask the database for its version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as problem:
        yield Finding("database", "ill", _line(problem), "Start it, or correct HUB_DATABASE_URL.")
        return
    yield Finding("database", "well", f"{connection.vendor} {version}")


def schema() -> Iterator[Finding]:
    """Tell whether the database fits the code."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return  # said by the database's own
    if missing:
        said = f"{len(missing)} migrations have not been applied"
        yield Finding("schema", "ill", said, "Run `manage.py prepare` before the other processes start.")
    else:
        yield Finding("schema", "well", "fits the code")


def clock() -> Iterator[Finding]:
    """Compare this machine's clock with the database's and Redis's: leases and due times lean on it."""
    for part, ask in (("the database's", _database_time), ("Redis's", _redis_time)):
        try:
            before = time.time()
            theirs = ask()
            after = time.time()
        except (DatabaseError, redis.RedisError):
            continue  # said by their own
        apart = max(before - theirs, theirs - after, 0)
        if apart > DRIFT:
            said = f"{apart:.0f} s apart from {part}"
            yield Finding("clock", "ill", said, "Let every machine keep time by NTP (chrony, systemd-timesyncd).")
        else:
            yield Finding("clock", "well", f"agrees with {part}")


def _database_time() -> float:
    if connection.vendor == "sqlite":
        return time.time()  # it lives in this process, and has no clock but ours
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0])


def _redis_time() -> float:
    seconds, micro = _redis().time()
    return float(seconds) + float(micro) / 1e6


def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3)


def queue() -> Iterator[Finding]:
    """Ask Redis whether it is there, and whether it would throw tasks away when it is full."""
    try:
        server = _redis()
        version = server.info("server")["redis_version"]
        policy = server.config_get("maxmemory-policy").get("maxmemory-policy", "")
    except redis.ResponseError:
        yield Finding("queue", "warning", "does not say what it evicts", "See that maxmemory-policy is noeviction.")
        return
    except redis.RedisError as problem:
        yield Finding(
            "queue", "ill", _line(problem), "Start Redis, or correct HUB_REDIS_URL. Nothing is lost meanwhile."
        )
        return
    if policy != "noeviction":
        said = f"Redis {version} evicts ({policy}): tasks are thrown away when its memory is full"
        yield Finding("queue", "ill", said, "Set `maxmemory-policy noeviction`.")
    else:
        yield Finding("queue", "well", f"Redis {version}, evicts nothing")


def beats() -> Iterator[Finding]:
    """Tell whether beat and workers do what is asked of them."""
    now = timezone.now()
    for one in heart.beats(now=now):
        age = f"was last done {(now - one.last).total_seconds():.0f} s ago" if one.last else "has not been done lately"
        match one.pulse:
            case "moves":
                yield Finding(one.name, "well", age)
            case "starts":
                yield Finding(one.name, "warning", "was just started", "Look again in a minute.")
            case "stands":
                yield Finding(one.name, "ill", age, "A worker and the beat must run; see their logs.")
            case "unknown":
                yield Finding(one.name, "ill", age, "Start a worker and the beat.")


def mail_server() -> Iterator[Finding]:
    """Greet the installation's mail server, and sign in to it. Nothing is sent; a provider's interface knows no greeting."""
    sender = parseaddr(settings.MAIL_FROM)[1]
    if not EMAIL.fullmatch(sender):
        yield Finding("mail", "ill", f"it would be sent by {settings.MAIL_FROM}", "Let HUB_MAIL_FROM be an address.")
        return
    if settings.MAIL_BACKEND:
        yield Finding("mail", "well", f"leaves by {settings.MAIL_BACKEND.split('.')[-2]}, which is asked nothing here")
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with mail.get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=10):
            pass
    except (OSError, smtplib.SMTPException) as problem:
        yield Finding("mail", "ill", f"{where}: {_line(problem)}", "Correct HUB_SMTP_URL. Mail waits meanwhile.")
        return
    if sender.endswith("@localhost") and not settings.MAIL_CATCHER:
        yield Finding(
            "mail", "warning", f"is sent by {settings.MAIL_FROM}", "Set HUB_MAIL_FROM to an address of yours."
        )
    elif not settings.RETURN_ADDRESS and not settings.MAIL_CATCHER:
        yield Finding("mail", "warning", "nobody reads what comes back", "Set HUB_RETURN_ADDRESS.")
    else:
        yield Finding("mail", "well", f"{where} takes mail")


def held_mail() -> Iterator[Finding]:
    """Tell whether mail waits for somebody to say that it may go, as it does after a restore."""
    try:
        since = delivery.held_since()
    except DatabaseError:
        return  # said by the database's own, or by the schema
    if since:
        said = f"nudges and digests are held since {since:%Y-%m-%d %H:%M} UTC: a backup was restored"
        yield Finding(
            "mail", "warning", said, "An admin of each company looks at what is due in Settings, Mail, and resumes."
        )


def addresses() -> Iterator[Finding]:
    """Tell whether the address people use is one that is answered, and whether it is encrypted."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    if not any(host == name or (name.startswith(".") and host.endswith(name)) for name in [*settings.ALLOWED_HOSTS]):
        yield Finding("address", "ill", f"{host} is not answered", f"Add {host} to HUB_HOSTS.")
    elif not settings.HTTPS and host not in {"localhost", "127.0.0.1"}:
        said = f"{settings.BASE_URL} is not encrypted: passwords travel in the open"
        yield Finding("address", "ill", said, "Put a proxy with TLS in front, and set HUB_BASE_URL to https://.")
    elif settings.HTTPS and not settings.SECURE_PROXY_SSL_HEADER:
        said = "no proxy is believed, so everybody seems to come from one address"
        yield Finding("address", "warning", said, "Set HUB_PROXIES to how many proxies stand in front.")
    else:
        yield Finding("address", "well", settings.BASE_URL)


def secrets() -> Iterator[Finding]:
    """Tell whether others on this machine could read what is kept."""
    for path in (settings.DATA, settings.DATA / "secret-key"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = "700" if path.is_dir() else "600"
            yield Finding("secrets", "ill", f"{path} can be read by others", f"Run `chmod {mode} {path}`.")
            return
    yield Finding("secrets", "well", "only their owner reads them")


def static_files() -> Iterator[Finding]:
    """Tell whether the static files have been built."""
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield Finding("static files", "well", str(settings.STATIC_ROOT))
    else:
        yield Finding("static files", "ill", f"none in {settings.STATIC_ROOT}", "Run `manage.py prepare`.")


def uploads() -> Iterator[Finding]:
    """Write a small file where pictures are kept, and remove it."""
    try:
        name = default_storage.save("checkup.txt", ContentFile(b"written by the check-up, and removed at once"))
        default_storage.delete(name)
    except Exception as problem:  # noqa: BLE001  each storage has errors of its own
        yield Finding("uploads", "ill", _line(problem), "Correct HUB_MEDIA_URL, or make the folder writable.")
        return
    yield Finding("uploads", "well", "can be written")


def backup() -> Iterator[Finding]:
    """Tell how old the last copy is."""
    try:
        last, now = delivery.last_backup(), timezone.now()
    except DatabaseError:
        return  # said by the database's own, or by the schema
    remedy = "Run `manage.py backup FILE`, best each night, and keep the file elsewhere."
    if last is None:
        yield Finding("backup", "warning", "none is known of", remedy)
    else:
        old = now - last > delivery.BACKUP_OLD
        said = f"the last was made {last:%Y-%m-%d %H:%M} UTC"
        yield Finding("backup", "warning" if old else "well", said, remedy if old else "")


def disk() -> Iterator[Finding]:
    """Tell how much room there is where everything is kept."""
    free = shutil.disk_usage(settings.DATA if settings.DATA.exists() else os.curdir).free
    said = f"{free / ROOM:.1f} GiB free"
    if free < ROOM:
        yield Finding("disk", "warning", said, f"Make room where {settings.DATA} lies.")
    else:
        yield Finding("disk", "well", said)


def framework() -> Iterator[Finding]:
    """Run Django's own checks of a deployment."""
    said = [one for one in checks.run_checks(include_deployment_checks=settings.HTTPS) if not one.is_silenced()]
    for one in said:
        state: State = "ill" if one.is_serious() else "warning"
        yield Finding("settings", state, f"{one.msg} ({one.id})".replace("\n", " "), one.hint or "")
    if not said:
        yield Finding("settings", "well", "Django finds nothing")


def ready() -> dict[str, str | float | None]:
    """Return what a balancer asks for: "database" is "well" or what is wrong, and how long ago the queue did its work, in seconds.

    Whether the schema fits is looked up until it does: reading all migrations costs more than the rest, and code does not
    change in a process.
    """
    found = list(database()) + ([] if _fitted else list(schema()))
    wrong = [one.said for one in found if one.state == "ill"]
    if not wrong:
        _fitted.add("schema")
    return {"database": wrong[0] if wrong else "well", **heart.ages(now=timezone.now())}


_fitted: set[str] = set()


def _line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]
