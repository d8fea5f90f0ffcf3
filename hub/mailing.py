"""Whose mail server it is, and how that provider proves who tells by webhooks what became of a mail."""

from __future__ import annotations

from hub import env

PROVIDERS = ("", "amazon_ses", "brevo", "mailgun", "postmark", "resend", "sendgrid")


def provider() -> tuple[str, str, dict[str, object]]:
    """Return the provider, the key that some sign with, and anymail's settings, which hold it and the secret the others say."""
    key = env.text("HUB_WEBHOOK_KEY")
    anymail = {
        "WEBHOOK_SECRET": env.text("HUB_WEBHOOK_SECRET"),
        "MAILGUN_WEBHOOK_SIGNING_KEY": key,
        "RESEND_SIGNING_SECRET": key,
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": key,
        "AMAZON_SES_AUTO_CONFIRM_SNS_SUBSCRIPTIONS": False,
    }
    return env.one_of("HUB_MAIL_PROVIDER", PROVIDERS), key, anymail
