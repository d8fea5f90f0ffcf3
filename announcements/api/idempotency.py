"""Idempotency keys: the same write sent twice happens once, and both get the first answer.

The claim is committed first, so that a second request meets it. The work and its answer are then committed together: whoever
finds a claim without an answer that is older than a minute knows that nothing was half written, and may take it over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import models, problems
from announcements.kernel import errors

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=1)
CHUNK = 64 * 1024
WRITES = {"POST", "PATCH", "DELETE"}


class KeyReused(errors.Invalid):
    """The key came with another request before."""

    code = "idempotency_key_reused"


class KeyInProgress(errors.Conflict):
    """The first request with this key is still running."""

    code = "idempotency_key_in_progress"


class SecretShown(errors.Conflict):
    """The first answer held a secret that is shown only once."""

    code = "secret_shown_once"


@dataclass(frozen=True, slots=True)
class Claim:
    """A request and its key: whose, which, and a digest of all that was asked."""

    person_id: int
    key: str
    digest: str
    secret: bool  # the answer holds a secret: do not keep its body


def claim_of(request: Request, *, secret: bool) -> Claim | None:
    """Return the claim a request makes; None when it carries no key, is no write, or nobody is signed in."""
    key = request.headers.get(HEADER)
    if key is None or request.method not in WRITES or request.user is None:
        return None
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise errors.Invalid({HEADER: [_("Use 1 to 200 printable characters, such as a UUID.")]})
    return Claim(request.user.pk or 0, key, _digest(request), secret)


def _digest(request: Request) -> str:
    """Return a digest of all that is asked; a body that lies on disk is read piece by piece, and left to be read again."""
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    spool = getattr(request._request, "spool", None)
    if spool is None:
        asked.update(request.body)
        return asked.hexdigest()
    spool.seek(0)
    while part := spool.read(CHUNK):
        asked.update(part)
    spool.seek(0)
    return asked.hexdigest()


def once(claim: Claim, work: Callable[[], Response], now: datetime) -> Response:
    """Do `work` and keep its answer, or replay the answer that is kept.

    Raise KeyReused, KeyInProgress or SecretShown. An unforeseen error is not kept: the key stays free for another try.
    """
    models.KeptAnswer.objects.filter(claimed_at__lt=now - KEPT).delete()
    if not _take(claim, now):
        return _replay(claim)
    try:
        with transaction.atomic():
            response = _answer(work)
            _keep(claim, response, now)
    except BaseException:
        _mine(claim).filter(claimed_at=now).delete()
        raise
    return response


def _take(claim: Claim, now: datetime) -> bool:
    try:
        with transaction.atomic():
            models.KeptAnswer.objects.create(
                person_id=claim.person_id, key=claim.key, digest=claim.digest, claimed_at=now
            )
    except IntegrityError:
        stale = _mine(claim).filter(status=None, digest=claim.digest, claimed_at__lt=now - LEASE)
        return bool(stale.update(claimed_at=now))
    return True


def _answer(work: Callable[[], Response]) -> Response:
    try:
        with transaction.atomic():
            return work()
    except problems.FORESEEN as problem:
        return problems.handler(problem, {})


def _keep(claim: Claim, response: Response, now: datetime) -> None:
    """Keep the answer; raise KeyInProgress when another has taken the claim over: then what was done here is undone."""
    kept = b"" if claim.secret or response.data is None else JSONRenderer().render(response.data)
    if not _mine(claim).filter(claimed_at=now).update(status=response.status_code, body=kept.decode()):
        raise _in_progress()


def _in_progress() -> KeyInProgress:
    return KeyInProgress(_("The first request with this key is still running. Ask again in a moment."))


def _replay(claim: Claim) -> Response:
    kept = _mine(claim).first()
    if kept and kept.digest != claim.digest:
        raise KeyReused({HEADER: [_("This key came with another request before. Use a new key for a new request.")]})
    if kept is None or kept.status is None:
        raise _in_progress()
    if claim.secret and kept.status < 400:
        raise SecretShown(_("This was done already. Its secret is shown only once; make another if it was lost."))
    data: Any = json.loads(kept.body) if kept.body else None
    media = problems.MEDIA_TYPE if kept.status >= 400 else None
    return Response(data, status=kept.status, headers={"Idempotent-Replay": "true"}, content_type=media)


def _mine(claim: Claim) -> Any:
    return models.KeptAnswer.objects.filter(person_id=claim.person_id, key=claim.key)
