"""Where a mail provider tells what became of our mail: anymail reads its words and checks its signature, delivery is told."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from anymail.webhooks import amazon_ses, brevo, mailgun, postmark, resend, sendgrid
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from announcements.delivery import services as delivery

# Each view with whether what it is told is signed; the others prove themselves by the secret in the address.
PROVIDERS: dict[str, tuple[Any, bool]] = {
    "amazon_ses": (amazon_ses.AmazonSESTrackingWebhookView, False),
    "brevo": (brevo.BrevoTrackingWebhookView, False),
    "mailgun": (mailgun.MailgunTrackingWebhookView, True),
    "postmark": (postmark.PostmarkTrackingWebhookView, False),
    "resend": (resend.ResendTrackingWebhookView, True),
    "sendgrid": (sendgrid.SendGridTrackingWebhookView, True),
}
WHATS: dict[str, delivery.What] = {
    "delivered": "delivered",
    "deferred": "delayed",
    "bounced": "bounced",
    "failed": "bounced",
    "rejected": "bounced",
    "complained": "complained",
}
# What anymail calls an address that is wrong, where the receiving server's own words do not say it.
WRONG = ("bounced", "invalid")
ENHANCED = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")


@method_decorator(csrf_exempt, name="dispatch")
class Webhook(View):
    """What the provider of this installation tells; there is nothing here for any other, or without a way to know it."""

    def get(self, request: HttpRequest, provider: str) -> HttpResponseBase:
        """Answer a provider that looks whether somebody is there."""
        return _taken(request, provider)

    def post(self, request: HttpRequest, provider: str) -> HttpResponseBase:
        """Take what it tells."""
        return _taken(request, provider)


def _taken(request: HttpRequest, provider: str) -> HttpResponseBase:
    view, signed = PROVIDERS.get(provider, (None, False))
    proof = settings.ANYMAIL_KEY if signed else settings.ANYMAIL["WEBHOOK_SECRET"]
    if view is None or provider != settings.MAIL_PROVIDER or not proof:
        raise Http404
    answer: HttpResponseBase = view.as_view()(request)
    return answer


def _soft(event: AnymailTrackingEvent) -> bool:
    """Tell whether the provider itself calls a bounce passing: anymail has one word for both."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    return any("soft" in str(raw.get(name, "")).lower() for name in ("Type", "event", "type"))


@receiver(tracking)
def tell(*, event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Tell delivery what became of a mail of ours."""
    what = WHATS.get(event.event_type or "")
    if what is None:
        return
    said = event.mta_response or event.description or event.reject_reason or ""
    found = ENHANCED.search(said)
    status = found[0] if found else "5.1.1" if event.reject_reason in WRONG and not _soft(event) else ""
    for key in filter(None, map(str, (event.metadata or {}).values())):
        known = event.event_id or f"{key} {event.event_type} {event.timestamp}"
        delivery.take_event(
            key=key,
            what=what,
            status=status,
            said=said,
            event=hashlib.sha256(f"{esp_name} {known}".encode()).hexdigest(),
            now=timezone.now(),
        )
