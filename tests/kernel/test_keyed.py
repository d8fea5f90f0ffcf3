"""What is signed in mails is signed as Django signs it."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import pytest
from django.core.signing import Signer
from django.utils.crypto import salted_hmac
from hypothesis import given
from hypothesis import strategies as st

from announcements.kernel import keyed

SAID = ["", "1-2-3-4", "Zoë", 500 * "long "]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("secret", ["short", 200 * "long"])
def test_a_digest_is_djangos(said: str, secret: str, settings: Any) -> None:
    settings.SECRET_KEY = secret

    assert keyed.digest("delivery.return", said) == salted_hmac("delivery.return", said, algorithm="sha256").digest()


@pytest.mark.parametrize("said", SAID)
def test_a_signature_is_djangos(said: str) -> None:
    assert keyed.signer("delivery.acknowledge", ".")(said) == Signer(salt="delivery.acknowledge", sep=".").sign(said)


@given(st.binary(min_size=10, max_size=10))
def test_a_word_is_base32_in_small_letters(said: bytes) -> None:
    assert keyed.word(said) == b32encode(said).decode().lower()
