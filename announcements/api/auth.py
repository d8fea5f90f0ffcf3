"""Who calls, and what their key is good for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from announcements.people import services as people

if TYPE_CHECKING:  # the framework's views import this module first
    from rest_framework.views import APIView


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a request. `id` is what doors take as `by`."""

    id: int
    workspace_id: int
    epoch: int
    key_round: int | None = None  # None where no key is meant: a session that the cache remembers
    key_ends_at: datetime | None = None
    is_authenticated: bool = True

    @property
    def pk(self) -> int:
        """Return the id under the name by which the throttle counts."""
        return self.id


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer mtl_…`: a personal token. It can do what its scopes say, never more than its owner may now."""

    def authenticate(self, request: Request) -> tuple[Caller, frozenset[str]] | None:
        """Return the token's owner and scopes; None when no bearer key was sent."""
        key = bearer(request.META.get("HTTP_AUTHORIZATION", ""))
        if key is None:
            return None
        from announcements.api import second_factor  # it needs this module, and tables that are not there yet at import

        found = people.authenticate(key=key, now=timezone.now())
        if not found:
            raise exceptions.AuthenticationFailed(_("This key is unknown, expired or revoked. Make a new one."))
        if found.needs_factor and not second_factor.has(found.person_id):
            raise exceptions.PermissionDenied(second_factor.said("factor"), code="second_factor_required")
        _seen(found.person_id, found.last_seen_on)
        whose = (found.person_id, found.workspace_id, found.epoch, found.key_round)
        return Caller(*whose, found.expires_at), frozenset(found.scopes)

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return 'Bearer realm="Mantel"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session. Every write carries the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        """Return who is signed in; None when nobody is."""
        found = super().authenticate(request)
        if not found:
            return None
        person: Any = found[0]
        _seen(person.id, person.last_seen_on)
        return Caller(person.id, person.workspace_id, person.epoch, person.key_round), None


def _seen(person_id: int, last: date | None) -> None:
    """Note the day of somebody's latest interaction of any kind, once a day."""
    today = timezone.now().date()
    if last is None or last < today:
        people.seen(person_id=person_id, on=today)


class IsAllowed(permissions.BasePermission):
    """Somebody is signed in, and their key has the scope that the view names for this method.

    A view names scopes as `scopes = {"GET": "people:read"}`; a method without a line is closed to tokens. `public = True`
    lets anybody in. A session has all scopes.
    """

    message = gettext_lazy("This key lacks the scope that this address needs.")
    code = "scope_missing"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller may try; the door decides whether they may do."""
        if getattr(view, "public", False):
            return True
        if request.user is None:
            raise exceptions.NotAuthenticated(_("Sign in, or send a personal token as `Authorization: Bearer …`."))
        if not hasattr(view, (request.method or "").lower()):
            raise exceptions.MethodNotAllowed(request.method or "")  # no scope would help
        scopes: frozenset[str] | None = request.auth  # type: ignore[assignment]  # ours, not DRF's Token
        return scopes is None or needed_scope(view, request.method or "") in scopes


def by_session(request: Request) -> bool:
    """Tell whether somebody is signed in, and no token speaks for them."""
    return request.auth is None


def need_session(request: Request, names: Collection[str]) -> None:
    """Refuse fields to a token that only a session may send; none of these is fine. Raise PermissionDenied."""
    if names and not by_session(request):
        said = _("No token may do this, only somebody who is signed in: %(names)s.")
        raise exceptions.PermissionDenied(said % {"names": ", ".join(sorted(names))}, code=IsAllowed.code)


def need_session_for_owners(request: Request, roles: Iterable[str | None]) -> None:
    """Refuse a token that would make somebody an owner; raise PermissionDenied."""
    need_session(request, {"role"} if "owner" in roles else ())


def needed_scope(view: APIView, method: str) -> str | None:
    """Return the scope a token needs for this method of this view; None when tokens cannot use it."""
    scopes: dict[str, str] = getattr(view, "scopes", {})
    return scopes.get("GET" if method == "HEAD" else method)


def bearer(header: str) -> str | None:
    """Return the key of an `Authorization: Bearer` header; None when it is of another kind."""
    kind, _space, key = header.partition(" ")
    return key.strip() if kind.lower() == "bearer" else None
