"""Proving the address of a sign-up: with the code that was mailed to it somebody becomes a person, and is signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.views import ConfirmEmailVerificationCodeView
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.api import accounts
from announcements.api.account_forms import SIGN_UP, ConfirmEmailForm
from announcements.kernel import errors
from announcements.people import services as people


class ConfirmEmail(ConfirmEmailVerificationCodeView):  # type: ignore[misc]  # allauth has no types
    """Asks for the code."""

    form_class = ConfirmEmailForm

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        sign_up_id = self.stage.login.state.get(SIGN_UP) if self.stage else None
        if sign_up_id is None:
            answer: HttpResponse = super()._verify_form_valid(form)
            return answer
        try:
            person = _prove(sign_up_id)
        except errors.Refused as refusal:
            return self._too_late(refusal)
        self.request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
        self.stage.login.user = get_user_model().objects.get_by_natural_key(person.email)
        signed_in: HttpResponse = self.stage.exit()
        return signed_in

    def _too_late(self, refusal: errors.Refused) -> HttpResponse:
        """Lead back to the sign-in; who got an account or an invitation by this address meanwhile reads of it in their mail."""
        said = refusal.message
        if isinstance(refusal, people.EmailTaken):
            get_adapter().send_account_already_exists_mail(self._process.email)
            said = _(
                "Somebody has come in, or was invited, with this address meanwhile. A mail to it says how to go on."
            )
        messages.error(self.request, said)
        self._process.abort()
        return redirect("account_login")


@transaction.atomic
def _prove(sign_up_id: int) -> people.Person:
    person = people.prove(sign_up_id=sign_up_id, now=timezone.now())
    accounts.note_verified(person)
    return person
