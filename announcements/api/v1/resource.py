"""What all resources share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from announcements.api import idempotency, problems
from announcements.api.parsing import StrictJSON
from announcements.api.schema import Schema

CHUNK = 64 * 1024


class Resource(APIView):
    """A resource of the API: JSON in and out, scopes, idempotency keys.

    `scopes` names, for each method, the scope that a token needs; a method without a line is closed to tokens.
    `public` resources need nobody signed in. The answer of a `secret` resource is never kept. `kinds` are the media types
    it reads; `files` says for a method which kinds it takes instead, and these may be as large as `most_bytes`; `spooled`, they
    lie on disk, as the `spool` of the request, rather than in memory. A resource
    that talks to the network takes no idempotency key (`repeatable` False): that would hold a transaction open.
    """

    schema = Schema()
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    parser_classes: Sequence[type[BaseParser]] = (StrictJSON,)
    scopes: ClassVar[dict[str, str]] = {}
    public = False
    secret = False
    repeatable = True
    kinds: ClassVar[tuple[str, ...]] = ("application/json",)
    files: ClassVar[dict[str, tuple[str, ...]]] = {}
    most_bytes = 0
    spooled = False
    request: Request

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Read every request as UTF-8, whatever charset it claims: JSON has no other (RFC 8259)."""
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check size, kind, caller and throttle; then wrap a write that carries an idempotency key."""
        if kinds := self.files.get(request.method or ""):
            _check_body(request, kinds, self.most_bytes)
            (_spool if self.spooled else _take_file)(request)
        else:
            _check_body(request, self.kinds, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if idempotency.HEADER in request.headers and not self.spooled:
            _body = request._request.body  # read before the check of a browser's CSRF token uses the stream up
        super().initial(request, *args, **kwargs)
        if self.repeatable and (claim := idempotency.claim_of(request, secret=self.secret)):
            name = (request.method or "").lower()
            handler = getattr(self, name, None)
            if handler:
                setattr(self, name, partial(self._once, claim, handler))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let nobody in between keep an answer: each is made for who asks. The feed says for itself how it is kept."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if spool := getattr(request._request, "spool", None):
            spool.close()
        final.headers.setdefault("Cache-Control", "private, no-store")
        return final

    def _once(self, claim: idempotency.Claim, handler: Any, request: Request, **kwargs: Any) -> Any:
        return idempotency.once(claim, partial(handler, request, **kwargs), self.now)

    @property
    def by(self) -> int:
        """Return the id of the person who calls."""
        return self.request.user.id  # type: ignore[return-value]  # a Caller

    @property
    def now(self) -> datetime:
        """Return the current instant."""
        return timezone.now()


def _check_body(request: Request, kinds: tuple[str, ...], most: int) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        raise problems.TooLarge(most)
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if int(length) and kind not in kinds:
        raise exceptions.UnsupportedMediaType(kind)


def _take_file(request: Request) -> None:
    """Read a body that may be larger than Django keeps in memory for others; its length was checked."""
    page = request._request
    if not hasattr(page, "_body"):
        page._body = page.read(int(request.META.get("CONTENT_LENGTH") or 0))  # Django's own word for it


def _spool(request: Request) -> None:
    """Copy a body to disk, piece by piece, and have it read from there; its length was checked."""
    page: Any = request._request
    page.spool = tempfile.SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115  closed with the answer
    shutil.copyfileobj(page._stream, page.spool, CHUNK)  # Django's own word for what is read
    page.spool.seek(0)
    page._stream = page.spool
