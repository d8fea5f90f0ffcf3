"""Sign-up and sign-in by django-allauth, translated for the people door. It never tells who has an account."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from announcements.api import after, sessions, trail
from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.people import services as people


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's hooks, answered by the people door."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead an owner to the set-up while it is open; everybody else to their tab."""
        return self._first_page(request) or str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Do the same after signing up."""
        return self._first_page(request) or str(super().get_signup_redirect_url(request))

    def _first_page(self, request: HttpRequest) -> str | None:
        person = people.person(person_id=request.user.pk or 0)
        is_open = person.role == "owner" and people.setup(by=person.id).closed_at is None
        return "/setup" if is_open else None

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in; who waits to be let in is told so."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Lead to the page that says whether they wait to be let in, or were shut out."""
        answer: HttpResponse = super().respond_user_inactive(request, user)
        if people.person(person_id=user.pk).state == "waiting":
            answer["Location"] += "?waiting"
        return answer

    def send_account_already_exists_mail(self, email: str) -> None:
        """Answer a sign-up by mail: a code to an address that is nobody's; a known one is told so, or invited again."""
        asked_in = translation.get_language()
        after.the_answer(current.request, lambda: self._answer_sign_up(email, asked_in))

    def _answer_sign_up(self, email: str, asked_in: str | None) -> None:
        if email not in people.get_by_email(emails=[email]):
            if process := EmailVerificationProcess.resume(current.request):
                self._post("account/email/email_confirmation_signup", email, {"code": process.code}, asked_in)
        elif not joining.remind(email=email, now=timezone.now()):
            super().send_account_already_exists_mail(email)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Mark the address as verified; an owner's domain is claimed by it."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            people.claim_domain(person_id=email_address.user_id, now=timezone.now())
        return confirmed

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set a new password: every key this person held ends."""
        people.change_password(person_id=user.pk, password=password, now=timezone.now())
        sessions.forget(user.pk)
        copy_keys(user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to where the change began."""
        return reverse("security")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep a trail of it once the answer is out: an address that is known must not take longer."""
        after.the_answer(request, lambda: trail.sign_in_failed(credentials.get("email", ""), how="password"))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again only when the latest proof of who is there, a sign-in too, is older than the settings say."""
        request = current.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask whoever has a second factor for that: a password alone proves less than their sign-in did."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        found = [way | {"description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]
        return [way for way in found if way["id"] != "reauthenticate"] or found

    def is_safe_url(self, url: str) -> bool:
        """Lead nowhere but to our own address."""
        parts = urlsplit(settings.BASE_URL)
        return url_has_allowed_host_and_scheme(url, allowed_hosts={parts.netloc}, require_https=parts.scheme == "https")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post a letter once the answer is out: writing it takes time, and not always the same."""
        asked_in = translation.get_language()
        after.the_answer(current.request, lambda: self._post(template_prefix, email, context, asked_in))

    def _post(self, template_prefix: str, email: str, context: dict[str, Any], asked_in: str | None) -> None:
        """Write in the person's own language; to an address that is nobody's, in the one it was asked in."""
        person = people.get_by_email(emails=[email]).get(email)
        with translation.override(person.locale if person else asked_in):
            self._write(template_prefix, email, context)

    def _write(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # Links begin with our own address, whatever host the request named.
        words = {name: ours(value) if name.endswith("_url") else value for name, value in context.items()}
        site = SimpleNamespace(name="Mantel", domain=urlsplit(settings.BASE_URL).netloc)
        message = self.render_mail(
            template_prefix, email, {"email": email, **words, "current_site": site, "base_url": settings.BASE_URL}
        )
        delivery.post_letter(recipient=email, subject=message.subject, body=message.body, now=timezone.now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts by host and address; one address is one, on whichever of our host names it is tried.
        return people.comparable(email=credentials.get("email", ""))


def ours(url: str) -> str:
    """Return an address of ours under our own origin."""
    parts = urlsplit(url)
    return settings.BASE_URL + parts.path + (f"?{parts.query}" if parts.query else "")


def copy_keys(user: AbstractBaseUser) -> None:
    """Let a loaded person have the password and epoch that the door has just written."""
    fresh: Any = AuthenticationBackend().get_user(user.pk)
    if fresh is not None:
        user.password, user.epoch = fresh.password, fresh.epoch  # type: ignore[attr-defined]  # a Person


def verified_addresses(person_id: int) -> frozenset[str]:
    """Return the addresses that a person has proved to be theirs."""
    return frozenset(EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True))


def note_verified(person: people.Person) -> None:
    """Note that a person's address is proved: they came by a link that was mailed to it."""
    EmailAddress.objects.update_or_create(
        user_id=person.id, email=person.email, defaults={"verified": True, "primary": True}
    )


def sign_in(request: HttpRequest, person: people.Person) -> None:
    """Sign a browser in as somebody who has just chosen their password."""
    backend = settings.AUTHENTICATION_BACKENDS[0]
    login(request, get_user_model().objects.get_by_natural_key(person.email), backend=backend)
