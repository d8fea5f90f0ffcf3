"""What anymail, which reads the webhooks of mail providers, is told."""

from __future__ import annotations

PROVIDERS = ("", "amazon_ses", "brevo", "mailgun", "postmark", "resend", "sendgrid")


def webhooks(key: str, secret: str) -> dict[str, object]:
    """Return anymail's settings: the key that some providers sign with, the secret that the others say."""
    return {
        "WEBHOOK_SECRET": secret,
        "MAILGUN_WEBHOOK_SIGNING_KEY": key,
        "RESEND_SIGNING_SECRET": key,
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": key,
        "AMAZON_SES_AUTO_CONFIRM_SNS_SUBSCRIPTIONS": False,
    }
