"""allauth's forms with our own rules: one address whatever its spelling, the door at sign-up, a code used once."""

from __future__ import annotations

import struct
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.fields import EmailField
from allauth.account.forms import BaseConfirmCodeForm
from allauth.account.forms import ConfirmEmailVerificationCodeForm as AllauthConfirmEmailForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm as AllauthRequestLoginCodeForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm as AllauthAuthenticateWebAuthnForm
from allauth.mfa.webauthn.forms import LoginWebAuthnForm as AllauthLoginWebAuthnForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as AllauthReauthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from announcements.api import after
from announcements.kernel import errors
from announcements.people import services as people

# A code of an authenticator app is good for its own half minute and one on either side.
CODE_SECONDS = 120
# Where a sign-in that begins with a sign-up keeps which one it is.
SIGN_UP = "sign_up"


class AddressField(EmailField):  # type: ignore[misc]  # allauth has no types
    """An address in the spelling in which people are found: what counts attempts and what is mailed to is the same."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label": _("Email"), "max_length": 254} | options)

    def to_python(self, value: Any) -> str:
        """Return it as it is compared; refuse what is not plain ASCII by then."""
        address = people.comparable(email=super().to_python(value) or "")
        if not address.isascii():
            raise forms.ValidationError(_("Use an address of plain letters, digits and signs."))
        return address


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField()
        self.fields["password"].help_text = None  # the page has its own link to the reset
        self.order_fields(["login", "password"])
        if self.request and (hint := _hint(self.request)):
            self.initial.setdefault("login", hint)


def _hint(request: HttpRequest) -> str:
    """Return the address that the page they come from was given as `login_hint`: a managed browser knows whose it is."""
    there = urlsplit(request.GET.get("next", ""))
    return parse_qs(there.query).get("login_hint", [""])[0][:254]


class RequestLoginCodeForm(AllauthRequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """An address to mail a code to."""

    email = AddressField()


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """An address to mail a link to. Whether somebody has it is looked up once the answer is out."""

    email = AddressField()

    def clean_email(self) -> str:
        """Return the address, whoever has it."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **options: Any) -> str:
        """Mail the link, or word that there is no account."""
        after.the_answer(request, partial(self._look_up_and_mail, request, options))
        return str(self.cleaned_data["email"])

    def _look_up_and_mail(self, request: HttpRequest, options: dict[str, Any]) -> None:
        super().clean_email()
        super().save(request, **options)


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    """Name, address, password; and the company, when this sign-up founds a workspace."""

    email = AddressField()
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
        super().__init__(*args, **kwargs)
        self.first = not people.any_workspace()
        self.fields["company"].required = self.first
        self.fields["password1"].help_text = _("At least 12 characters. A few words in a row are easy to keep.")
        if not self.first and not settings.OPEN_TO_COMPANIES:
            del self.fields["company"]

    def validate_unique_email(self, value: str) -> str:
        """Return the address, whoever has it."""
        return value

    def clean(self) -> dict[str, Any]:
        """Check all, then sign up: only the door can tell whether this address may come in."""
        super().clean()
        if not self.errors:
            self._sign_up()
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned

    def _sign_up(self) -> None:
        given = self.cleaned_data
        person = people.NewPerson(given["email"], given["name"], given["password1"], given.get("timezone", ""))
        try:
            self.sign_up = people.sign_up(person=person, company=given.get("company", ""), now=timezone.now())
        except errors.Invalid as refusal:
            for field, said in refusal.fields.items():
                self.add_error(field if field in self.fields else None, forms.ValidationError(said))
        except errors.Refused as refusal:
            self.add_error(None, str(refusal))

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        """Go on to the page that asks for a code, for every address: only the mail tells who has an account."""
        login = Login(email=self.sign_up.email, redirect_url=get_next_redirect_url(request), signup=True)
        login.state[SIGN_UP] = self.sign_up.id
        return None, perform_login(request, login)


class ConfirmEmailForm(AllauthConfirmEmailForm):  # type: ignore[misc]  # allauth has no types
    """The code that proves an address."""

    def clean_code(self) -> str:
        """Check the code. Whether whoever signed up may come in, the door says."""
        return str(super().clean_code() if self.user else BaseConfirmCodeForm.clean_code(self))


class _OnceOnly:
    """A code of an authenticator app lets in once, also where it is still good for a moment."""

    user: Any

    def clean_code(self) -> str:
        """Check the code; refuse one that was used already."""
        given: str = super().clean_code()  # type: ignore[misc]  # of allauth's form
        key = f"second-factor:{self.user.pk}:{normalize_user_code(given)}"
        if not cache.add(key, 1, CODE_SECONDS):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return given


class AuthenticateForm(_OnceOnly, AllauthAuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second factor at sign-in."""


class ReauthenticateForm(_OnceOnly, AllauthReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second factor before something that matters."""


# What the library of passkeys stumbles over when what a browser sent is no credential.
NO_CREDENTIAL = (ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error)


class AddPasskeyForm(AllauthAddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        """Check it; refuse what is none."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except NO_CREDENTIAL:
            raise get_mfa_adapter().validation_error("incorrect_code") from None
        return cleaned


class _Passkey:
    def clean_credential(self) -> Any:
        """Check it; refuse what is none."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # of allauth's form
        except NO_CREDENTIAL:
            raise get_mfa_adapter().validation_error("incorrect_code") from None


class SignInPasskeyForm(_Passkey, AllauthLoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey instead of address and password."""


class SecondPasskeyForm(_Passkey, AllauthAuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey after the password."""


class AgainPasskeyForm(_Passkey, AllauthReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey before something that matters."""
