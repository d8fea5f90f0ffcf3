"""Sign-up and sign-in by django-allauth, translated for the people door. It never tells who has an account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from announcements.api import sessions
from announcements.kernel import errors
from announcements.people import services as people


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    """Name, address, password; and the company, when this sign-up founds a workspace."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    company = forms.CharField(
        label=_("Company"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    timezone = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput(attrs={"data-timezone-field": ""})
    )
    field_order = ("company", "name", "email", "password1", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.account_already_exists: bool = False
        super().__init__(*args, **kwargs)
        self.first = not people.any_workspace()
        self.fields["company"].required = self.first
        if not self.first and not settings.OPEN_TO_COMPANIES:
            del self.fields["company"]

    def clean(self) -> dict[str, Any]:
        """Check all, then sign up: only the door can tell whether this address may come in."""
        super().clean()
        if not self.errors:
            self._sign_up()
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned

    def _sign_up(self) -> None:
        """Ask the door, for a known address too: what it says of an address must not depend on whether it is known."""
        try:
            with transaction.atomic():
                self.person = self._through_the_door()
                transaction.set_rollback(self.account_already_exists)
        except people.EmailTaken:
            self.account_already_exists = True
        except errors.Invalid as refusal:
            for field, said in refusal.fields.items():
                self.add_error(field if field in self.fields else None, forms.ValidationError(said))
        except errors.Refused as refusal:
            self.add_error(None, str(refusal))

    def _through_the_door(self) -> people.Person:
        given, now = self.cleaned_data, timezone.now()
        person = people.NewPerson(
            email=given["email"],
            name=given["name"],
            password=given["password1"],
            timezone=given.get("timezone") or "UTC",
        )
        if company := given.get("company"):
            return people.found(name=company, owner=person, now=now)
        return people.sign_up(person=person, now=now)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's hooks, answered by the people door."""

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: SignupForm, commit: bool = True
    ) -> AbstractBaseUser:
        """Return the person whom the form signed up."""
        return get_user_model().objects.get_by_natural_key(form.person.email)

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hooks: Any) -> HttpResponse | None:
        """Let a sign-up verify its address even while it waits to be let in: known and unknown addresses look the same."""
        if hooks.get("signup"):
            return None
        response: HttpResponse | None = super().pre_login(request, user, **hooks)
        return response

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in; who waits to be let in is told so."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Change the password; sessions made with the old one end at once."""
        super().set_password(user, password)
        sessions.forget(user.pk)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Mark the address as verified; an owner's domain is claimed by it."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            people.claim_domain(person_id=email_address.user_id, now=timezone.now())
        return confirmed
