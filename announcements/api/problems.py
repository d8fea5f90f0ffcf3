"""Every refusal as problem details (RFC 9457): {type, title, status, detail, code, errors: [{field, message}]}."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from announcements.kernel import errors

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)

Fields = Mapping[str, Sequence[str]]


class TooLarge(exceptions.APIException):
    """The body is larger than the API reads here."""

    status_code = 413
    default_code = "too_large"

    def __init__(self, most: int) -> None:
        given = {"bytes": most, "size": filesizeformat(most)}
        super().__init__(_("The whole body is too large. At most %(size)s (%(bytes)d bytes) are read here.") % given)


def body(status: int, code: str, detail: str, fields: Fields | None = None) -> dict[str, Any]:
    """Return the members of a problem; `fields` maps a field's name to what is wrong with it."""
    return {
        "type": f"urn:mantel:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"field": name, "message": said} for name, all_said in (fields or {}).items() for said in all_said],
    }


def plain(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return a problem as a plain Django response, for answers that do not pass through the framework."""
    content = json.dumps(body(status, code, detail), ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def handler(problem: Exception, context: Mapping[str, Any]) -> Response:
    """Translate anything a view raised into a problem. What nobody foresaw is logged and answered without its cause."""
    for kind, translate in _TRANSLATIONS.items():
        if isinstance(problem, kind):
            members, headers = translate(problem)
            return Response(members, status=members["status"], headers=headers, content_type=MEDIA_TYPE)
    log.exception("unforeseen problem at %s", getattr(context.get("request"), "path", "?"), exc_info=problem)
    members = body(500, "internal", _("Something went wrong on our side. It has been written down."))
    return Response(members, status=500, content_type=MEDIA_TYPE)


@csrf_exempt  # there is nothing to forge, and a browser's refusal would not be a problem of ours
def no_such_address(request: HttpRequest, **_ignored: object) -> HttpResponse:
    """Answer any address under /api/ that does not exist."""
    return plain(404, "no_such_address", _("The API has no such address. /api/v1/schema lists all of them."))


Translated = tuple[dict[str, Any], dict[str, str]]


def _refused(status: int, problem: errors.Refused) -> Translated:
    return body(status, problem.code, str(problem), problem.fields), {}


def _framework(problem: exceptions.APIException) -> Translated:
    headers: dict[str, str] = {}
    if challenge := getattr(problem, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(problem, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    code = problem.get_codes()
    name = code if isinstance(code, str) else problem.default_code
    return body(problem.status_code, name, str(problem.detail)), headers


def _too_large(problem: TooLarge) -> Translated:
    # No field is at fault, but what is shown beside a form is `errors`.
    said = str(problem.detail)
    return body(413, problem.default_code, said, {"": [said]}), {}


def _invalid(problem: exceptions.ValidationError) -> Translated:
    fields: dict[str, list[str]] = {}
    for name, said in _flat(problem.detail):
        fields.setdefault(name, []).append(said)
    return body(422, "invalid", _("What was sent cannot be used; `errors` says why, field by field."), fields), {}


def _flat(detail: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _flat(inner, name if key == "non_field_errors" else f"{name}.{key}".lstrip("."))
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            yield from _flat(inner, f"{name}.{place}".lstrip(".") if isinstance(inner, Mapping | list) else name)
    else:
        yield name, str(detail)


def _missing(problem: Exception) -> Translated:
    return body(404, "not_found", _("There is nothing here for you.")), {}


# The first kind that fits is taken.
_TRANSLATIONS: dict[type[Exception], Any] = {
    errors.NotFound: lambda problem: _refused(404, problem),
    errors.Forbidden: lambda problem: _refused(403, problem),
    errors.Invalid: lambda problem: _refused(422, problem),
    errors.Conflict: lambda problem: _refused(409, problem),
    exceptions.ValidationError: _invalid,
    TooLarge: _too_large,
    exceptions.APIException: _framework,
    Http404: _missing,
    PermissionDenied: lambda problem: (body(403, "forbidden", _("You may not do this.")), {}),
    RequestDataTooBig: lambda _problem: _too_large(TooLarge(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)),
}
FORESEEN = tuple(_TRANSLATIONS)
