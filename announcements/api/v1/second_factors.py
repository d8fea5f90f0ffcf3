"""My second factors. Only a session may see and change them, and only one whose sign-in is fresh may change them."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import flows as totp
from allauth.mfa.totp.internal.auth import get_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as passkeys
from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import devices
from announcements.api.account_forms import AddPasskeyForm
from announcements.api.shapes import Given, Nothing, Text, given
from announcements.api.v1.resource import Resource
from announcements.kernel import errors
from announcements.people import services as people

KINDS = {"totp": "totp", "webauthn": "passkey", "recovery_codes": "recovery_codes"}


class SignInNotFresh(errors.Forbidden):
    """They signed in too long ago for this."""

    code = "sign_in_not_fresh"


class FactorOut(serializers.Serializer[Any]):
    """A second factor, or the recovery codes that stand in for one."""

    id = serializers.IntegerField()
    kind = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField(help_text="What its owner calls a passkey; empty for other kinds.")
    left = serializers.SerializerMethodField(help_text="How many recovery codes are unused; null for other kinds.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.ChoiceField(["totp", "passkey", "recovery_codes"]))
    def get_kind(self, factor: Authenticator) -> str:
        """Return its kind."""
        return KINDS[factor.type]

    def get_name(self, factor: Authenticator) -> str:
        """Return what its owner calls it."""
        return str(factor.wrap().name) if factor.type == Authenticator.Type.WEBAUTHN else ""

    def get_left(self, factor: Authenticator) -> int | None:
        """Return how many codes are unused."""
        codes = factor.type == Authenticator.Type.RECOVERY_CODES
        return len(factor.wrap().get_unused_codes()) if codes else None


class FactorsOut(serializers.Serializer[Any]):
    """My second factors, oldest first."""

    required = serializers.BooleanField(  # type: ignore[assignment]  # a field, not the serializer's own flag
        help_text="Whether my workspace asks everybody for one."
    )
    results = FactorOut(many=True)


class AppOut(serializers.Serializer[Any]):
    """What an authenticator app needs. `url` is what a QR code holds."""

    secret = serializers.CharField()
    url = serializers.CharField()


class AppGiven(Given):
    """A code that the app shows now."""

    code = Text(max_length=20)


class PasskeyOut(serializers.Serializer[Any]):
    """What navigator.credentials.create() needs, in JSON (WebAuthn, PublicKeyCredentialCreationOptionsJSON)."""

    options = serializers.JSONField()


class PasskeyGiven(Given):
    """What navigator.credentials.create() gave, in JSON (WebAuthn, RegistrationResponseJSON)."""

    name = Text(max_length=80, required=False, allow_blank=True, default="")
    credential = serializers.JSONField()


class CodesOut(serializers.Serializer[Any]):
    """Recovery codes, each good for one sign-in. Empty where there were some already."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class FreshSession(Resource):
    """What these resources share: the person's row as allauth wants it, and that their sign-in is fresh."""

    secret = True

    user: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Have allauth's user at hand once it is clear that a session calls."""
        super().initial(request, *args, **kwargs)
        self.user = devices.account(request._request)

    def need_fresh(self) -> None:
        """Refuse when nobody has proved for five minutes who is at the keyboard."""
        if is_reauthentication_required(self.request._request, app="allauth.mfa"):
            raise SignInNotFresh(_("Confirm first that it is you, at /accounts/reauthenticate/."))

    def codes(self, made: Authenticator | None) -> Response:
        """Answer recovery codes."""
        return Response(CodesOut({"recovery_codes": made.wrap().get_unused_codes() if made else []}).data, status=201)


class Factors(FreshSession):
    """All my second factors."""

    @extend_schema(
        operation_id="second_factors_list", summary="My second factors", tags=["second factors"], responses=FactorsOut
    )
    def get(self, request: Request) -> Response:
        """Answer my authenticator app, passkeys and recovery codes; no secret of theirs."""
        rows = Authenticator.objects.filter(user_id=self.by).order_by("created_at", "id")
        required = people.second_factor_required(person_id=self.by)
        return Response(FactorsOut({"required": required, "results": rows}).data)


class Factor(FreshSession):
    """One of my second factors."""

    @extend_schema(
        operation_id="second_factors_remove",
        summary="Remove a second factor",
        tags=["second factors"],
        responses={204: None},
    )
    def delete(self, request: Request, factor_id: int) -> Response:
        """Remove it; the last one takes the recovery codes with it, and stays where the workspace asks for one."""
        factor = Authenticator.objects.filter(user_id=self.by, pk=factor_id).first()
        if factor is None:
            raise errors.NotFound
        self.need_fresh()
        factor.user = self.user
        if factor.type != Authenticator.Type.RECOVERY_CODES and not get_adapter().can_delete_authenticator(factor):
            raise errors.Conflict(_("Your workspace asks for a second factor. Set up another one first."))
        delete_and_cleanup(request._request, factor)
        kind = "totp_deactivated" if factor.type == Authenticator.Type.TOTP else "webauthn_removed"
        get_adapter().send_notification_mail(f"mfa/email/{kind}", self.user)
        return Response(status=204)


class App(FreshSession):
    """Setting up an authenticator app, first step."""

    @extend_schema(
        operation_id="second_factors_begin_totp",
        summary="Begin with an authenticator app",
        tags=["second factors"],
        request=Nothing,
        responses=AppOut,
    )
    def post(self, request: Request) -> Response:
        """Answer a new secret for the app. It counts once a code made from it has come back."""
        given(Nothing, request)
        self.need_fresh()
        _refuse_a_second_app(self.by)
        secret = get_totp_secret(regenerate=True)
        return Response(AppOut({"secret": secret, "url": get_adapter().build_totp_url(self.user, secret)}).data)


class ConfirmApp(FreshSession):
    """Setting up an authenticator app, second step."""

    @extend_schema(
        operation_id="second_factors_confirm_totp",
        summary="Confirm an authenticator app",
        tags=["second factors"],
        request=AppGiven,
        responses={201: CodesOut},
    )
    def post(self, request: Request) -> Response:
        """Take the app as second factor; answer recovery codes when there were none."""
        values = given(AppGiven, request)
        self.need_fresh()
        _refuse_a_second_app(self.by)
        form = checked(ActivateTOTPForm(data=values, user=self.user))
        _factor, codes = totp.activate_totp(request._request, form)
        return self.codes(codes)


class Passkey(FreshSession):
    """Adding a passkey, first step."""

    @extend_schema(
        operation_id="second_factors_begin_passkey",
        summary="Begin with a passkey",
        tags=["second factors"],
        request=Nothing,
        responses=PasskeyOut,
    )
    def post(self, request: Request) -> Response:
        """Answer what a browser needs to make a passkey that can also sign in without a password."""
        given(Nothing, request)
        self.need_fresh()
        return Response(PasskeyOut({"options": webauthn.begin_registration(self.user, True)}).data)


class ConfirmPasskey(FreshSession):
    """Adding a passkey, second step."""

    @extend_schema(
        operation_id="second_factors_confirm_passkey",
        summary="Confirm a passkey",
        tags=["second factors"],
        request=PasskeyGiven,
        responses={201: CodesOut},
    )
    def post(self, request: Request) -> Response:
        """Take the passkey as second factor; answer recovery codes when there were none."""
        values = given(PasskeyGiven, request)
        self.need_fresh()
        form = checked(AddPasskeyForm(data=values, user=self.user))
        name, credential = form.cleaned_data["name"], form.cleaned_data["credential"]
        _factor, codes = passkeys.add_authenticator(request._request, name=name, credential=credential)
        return self.codes(codes)


class RecoveryCodes(FreshSession):
    """My recovery codes."""

    @extend_schema(
        operation_id="second_factors_new_codes",
        summary="Make new recovery codes",
        tags=["second factors"],
        request=Nothing,
        responses={201: CodesOut},
    )
    def post(self, request: Request) -> Response:
        """Make new recovery codes; the old ones end."""
        given(Nothing, request)
        self.need_fresh()
        if not recovery.can_generate_recovery_codes(self.user):
            raise errors.Conflict(_("Recovery codes stand in for a second factor. Set one up first."))
        return self.codes(recovery.generate_recovery_codes(request._request))


def _refuse_a_second_app(person_id: int) -> None:
    if Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP).exists():
        raise errors.Conflict(_("There is an authenticator app already. Remove it first."))


def checked(form: forms.Form) -> Any:
    """Return allauth's form when it is satisfied; raise what it says, by field."""
    if form.is_valid():
        return form
    fields = {name if name != "__all__" else "": [str(one) for one in said] for name, said in form.errors.items()}
    raise errors.Invalid(fields)
