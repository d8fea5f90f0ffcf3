"""Reading the environment: the only way settings come in. Every variable stands in docs/operations.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """Return a variable as text, stripped."""
    return os.environ.get(name, default).strip()


def number(name: str, default: float) -> float:
    """Return a variable as a number; refuse anything else by name."""
    given = text(name)
    try:
        return float(given) if given else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {given!r}.") from None


def whole(name: str, default: int, *, most: int) -> int:
    """Return a variable as a whole number from 1 to `most`; refuse anything else by name."""
    given = text(name) or str(default)
    if not given.isdecimal() or not 1 <= int(given) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from 1 to {most}, not {given!r}.")
    return int(given)


def rate(name: str) -> float:
    """Return how many a second `14/s`, `600/min` or `2500/h` means; 0 when there is no limit."""
    given = text(name)
    many, _slash, each = given.partition("/")
    seconds = {"s": 1, "min": 60, "h": 3600}
    if given and (each not in seconds or not many.isdecimal() or not int(many)):
        raise ImproperlyConfigured(f"{name} must be a rate such as 14/s, 600/min or 2500/h, not {given!r}.")
    return int(many) / seconds[each] if given else 0.0


def flag(name: str, *, default: bool = False) -> bool:
    """Return a variable as yes or no: 1, true, yes, on, or 0, false, no, off."""
    given = text(name).lower()
    if given in {"", "0", "false", "no", "off"}:
        return default if not given else False
    if given in {"1", "true", "yes", "on"}:
        return True
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {given!r}.")


def words(name: str) -> list[str]:
    """Return a variable as a list, split at commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def one_of(name: str, allowed: tuple[str, ...]) -> str:
    """Return a variable as a word of a fixed set; refuse anything else by name."""
    given = text(name)
    if given not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(filter(None, allowed))}, not {given!r}.")
    return given


def secret(name: str, file: Path) -> str:
    """Return a secret from a variable, or from a file of the data folder that is made on first use (mode 600)."""
    if given := text(name):
        return given
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as problem:
        raise ImproperlyConfigured(
            f"{file.parent} cannot be written ({problem.strerror}). Set HUB_DATA to a folder that can."
        ) from None
    return file.read_text()


def database(url: str, sqlite: Path) -> dict[str, Any]:
    """Return Django's settings for a database: SQLite in `sqlite` when `url` is empty, else postgresql://user:password@host/name?host=/socket."""
    if not url:
        return {
            "ENGINE": "hub.sqlite_fair",
            "NAME": sqlite,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
                "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-16000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("HUB_DATABASE_URL must begin with postgresql:// (leave it empty for SQLite).")
    # A host that is gone says nothing: without these a thread would wait for it for a quarter of an hour.
    patience = {
        "connect_timeout": "5",
        "tcp_user_timeout": "15000",
        "keepalives_idle": "15",
        "keepalives_interval": "5",
    }
    options = patience | dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def smtp(url: str) -> dict[str, Any]:
    """Return host, port, user, password, tls ('', 'starttls' or 'tls') of smtp://user:password@host:port, smtps:// or smtp+starttls://."""
    parts = urlsplit(url)
    kinds = {"smtp": ("", 25), "smtps": ("tls", 465), "smtp+starttls": ("starttls", 587)}
    if parts.scheme not in kinds:
        raise ImproperlyConfigured("HUB_SMTP_URL must begin with smtp://, smtps:// or smtp+starttls://.")
    tls, port = kinds[parts.scheme]
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": tls,
    }
