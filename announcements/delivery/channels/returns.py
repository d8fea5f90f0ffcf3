"""What comes back about our mail: the key that each carries, and how a report that quotes it is read (RFC 3464, RFC 5965)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Literal, cast

from django.conf import settings

from announcements.delivery.channels import tokens
from announcements.kernel import keyed, text
from announcements.kernel.smtp import Mail

What = Literal["delivered", "delayed", "bounced", "complained"]
HEADER = "X-Mantel-Mail"
# As it stands in the local part of an address, whose case a server may change.
KEY = re.compile(r"\b([ndt])([0-9]{1,18})-([a-z2-7]{16})\b", re.IGNORECASE)
LETTERS = {"nudge": "n", "digest": "d", "testmail": "t"}
NAMES = {"n": "nudge", "d": "digest", "t": "test"}
# RFC 3463: no such mailbox, system or form of address; a mailbox that moved; one that is disabled.
HOPELESS = re.compile(r"^5\.(1\.(1|2|3|6|10)|2\.1)$")
LEAVE = re.compile(r"^\s*unsubscribe\s+(\S+)\s*$", re.IGNORECASE)
MOST_BYTES = 1_000_000
# The header whose words a provider says again in what it tells about a mail.
PROVIDERS = {
    "amazon_ses": 'X-Metadata: {"mantel": "%s"}',
    "brevo": 'X-Mailin-custom: {"mantel": "%s"}',
    "mailgun": 'X-Mailgun-Variables: {"mantel": "%s"}',
    "postmark": "X-PM-Metadata-mantel: %s",
    "resend": 'X-Metadata: {"mantel": "%s"}',
    "sendgrid": 'X-SMTPAPI: {"unique_args": {"mantel": "%s"}}',
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says of one mail. `address` is whom it could not reach, empty when it does not say; `event` what it is known by."""

    mail: str
    mail_id: int
    what: What
    status: str
    said: str
    address: str
    event: str

    @property
    def hopeless(self) -> bool:
        """Tell whether the address itself is wrong, and not a policy or a full mailbox in the way."""
        return self.what == "bounced" and bool(HOPELESS.match(self.status))


def key_of(mail: str, mail_id: int) -> str:
    """Return the key of a mail: which it is, and that we said so."""
    return _key(f"{LETTERS[mail]}{mail_id}", keyed.digester("delivery.return"))


def _key(named: str, digest: Callable[[str], bytes]) -> str:
    return f"{named}-{keyed.word(digest(named)[:10])}"


def read_key(text: str) -> tuple[str, int] | None:
    """Return which mail a text names by a key of ours; None when it names none."""
    for found in KEY.finditer(text):
        letter, number, _digest = found[0].lower(), int(found[2]), found[3]
        mail = NAMES[letter[0]]
        if hmac.compare_digest(key_of("testmail" if mail == "test" else mail, number), found[0].lower()):
            return mail, number
    return None


def marker() -> Callable[[Mail, str, int], Mail]:
    """Return what marks a mail as this one: it carries its key; and comes back to an address of its own, where the installation's server
    sends it. Who marks many holds it.
    """
    digest, ours, own = keyed.digester("delivery.return"), settings.MAIL_FROM, f"{HEADER}: %s\r\n"
    provided = f"{own}{PROVIDERS[settings.MAIL_PROVIDER]}\r\n" if settings.MAIL_PROVIDER else ""
    local, _at, domain = settings.RETURN_ADDRESS.rpartition("@")

    def marked(written: Mail, mail: str, mail_id: int) -> Mail:
        key = _key(f"{LETTERS[mail]}{mail_id}", digest)
        by_us = written.sender == ours
        headers = provided % (key, key) if provided and by_us else own % key
        sender = f"{local}+{key}@{domain}" if domain and by_us else written.sender
        return Mail(sender, written.recipient, written.message_id, headers.encode() + written.data, written.dotless)

    return marked


def leave_address(token: str) -> str:
    """Return the mailto of a List-Unsubscribe header; empty where nothing that is sent to us would be read."""
    return f"mailto:{settings.RETURN_ADDRESS}?subject=unsubscribe%20{token}" if settings.RETURN_ADDRESS else ""


def leaves(data: bytes) -> tokens.Claim | None:
    """Return whose mail asks to be unsubscribed by its subject; None when it does not, or its key is none of ours."""
    subject = str(_parsed(data).get("Subject", ""))
    found = LEAVE.match(subject)
    return tokens.read(found[1], "unsubscribe") if found else None


def read(data: bytes, recipient: str = "") -> Report | None:
    """Return what a mail to our return address reports; None when it reports nothing, or about no mail of ours.

    It is believed only where the address it was sent to (`recipient`, or its own headers) or the mail it quotes holds a key of ours.
    """
    message = _parsed(data)
    kind = str(message.get_param("report-type", "")).lower()
    named = read_key(" ".join([recipient, *_addressed(message)])) or read_key(" ".join(_quoted(message)))
    if message.get_content_type() != "multipart/report" or named is None:
        return None
    fields = _fields(message)
    event = hashlib.sha256(f"{named}{message.get('Message-ID', '')}{sorted(fields.items())}".encode()).hexdigest()
    said = Report(*named, "complained", "", "", _address(fields.get("original-rcpt-to", "")), event)
    if kind == "feedback-report":
        if fields.get("feedback-type", "").lower() not in ("abuse", "fraud"):
            return None
        return replace(said, said=text.one_line(fields.get("user-agent", "")))
    what = {"failed": "bounced", "delayed": "delayed", "delivered": "delivered", "relayed": "delivered"}
    if kind != "delivery-status" or (action := fields.get("action", "").lower()) not in what:
        return None
    return replace(
        said,
        what=cast(What, what[action]),
        status=fields.get("status", "").split(" ")[0],
        said=text.one_line(fields.get("diagnostic-code", "") or fields.get("status", "")),
        address=_address(fields.get("original-recipient", "") or fields.get("final-recipient", "")),
    )


def _parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data[:MOST_BYTES], policy=policy.default)


def _addressed(message: Message) -> Iterator[str]:
    for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To"):
        yield from map(str, message.get_all(name, []))


def _quoted(message: Message) -> Iterator[str]:
    """Yield the keys that the headers of what a report quotes carry."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in cast("list[Message]", part.get_payload()):
                yield from map(str, inner.get_all(HEADER, []))
        elif part.get_content_type() == "text/rfc822-headers":
            quoted = part.get_payload(decode=True)
            yield from re.findall(rf"(?im)^{HEADER}:\s*(\S+)", (cast(bytes, quoted) or b"").decode("utf-8", "replace"))


def _fields(message: Message) -> dict[str, str]:
    """Return the fields of the machine's part of a report by their names in small letters; of several recipients, of the first."""
    found: dict[str, str] = {}
    for part in message.walk():
        if part.get_content_type() in ("message/delivery-status", "message/feedback-report"):
            blocks = part.get_payload()
            for block in cast("list[Message]", blocks if isinstance(blocks, list) else []):
                for name, value in block.items():
                    found.setdefault(name.lower(), str(value))
    return found


def _address(field: str) -> str:
    """Return the address of "rfc822; maya@example.com" or "<maya@example.com>"."""
    found = re.search(r"[^\s<>;,]+@[^\s<>;,]+", field)
    return found[0].casefold()[:254] if found else ""
