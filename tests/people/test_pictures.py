"""Pictures of people: made anew, shown to colleagues, replaced and removed."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from announcements.kernel import errors
from announcements.people import services as people
from tests.pictures import picture


def test_the_middle_of_a_picture_fills_fixed_squares(maya: people.Person, now: datetime) -> None:
    content = picture((300, 100), "JPEG", exif=Image.Exif(), comment=b"secret")
    digest = people.set_picture(by=maya.id, content=content, now=now).picture

    for side in people.PICTURE_SIZES:
        png = people.picture(by=maya.id, person_id=maya.id, digest=digest, side=side)
        made = Image.open(io.BytesIO(png))
        assert (made.format, made.size) == ("PNG", (side, side))
        assert made.getpixel((0, 0))[3] == 255  # type: ignore[index]  # nothing is left empty
        assert b"secret" not in png


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"no picture", "not a picture"),
        (picture() + b"\0" * 1_000_000, "1 MB"),
        (picture((8, 8)), "too small"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(
    maya: people.Person, now: datetime, content: bytes, words: str
) -> None:
    with pytest.raises(errors.Invalid, match=words) as refusal:
        people.set_picture(by=maya.id, content=content, now=now)

    assert list(refusal.value.fields) == ["picture"]
    assert people.person(person_id=maya.id).picture == ""


@pytest.mark.django_db(transaction=True)  # files go at the commit
def test_a_new_picture_replaces_the_files_of_the_old(
    maya: people.Person, now: datetime, settings: Any, tmp_path: Path
) -> None:
    stored = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": stored}
    folder = f"pictures/{maya.id}"
    first = people.set_picture(by=maya.id, content=picture(color="red"), now=now).picture
    second = people.set_picture(by=maya.id, content=picture(color="blue"), now=now + timedelta(minutes=1)).picture
    assert sorted(default_storage.listdir(folder)[1]) == [f"{second}-256.png", f"{second}-64.png"]
    with pytest.raises(errors.NotFound):
        people.picture(by=maya.id, person_id=maya.id, digest=first, side=64)

    assert people.remove_picture(by=maya.id, now=now).picture == ""

    assert default_storage.listdir(folder)[1] == []


def test_a_picture_is_for_colleagues(
    olga: people.Person, maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    digest = people.set_picture(by=maya.id, content=picture(), now=now).picture
    assert people.picture(by=olga.id, person_id=maya.id, digest=digest, side=64)

    for by, named, side in [(charlie, digest, 64), (olga, "", 64), (olga, "0" * 32, 64), (olga, digest, 65)]:
        with pytest.raises(errors.NotFound):
            people.picture(by=by.id, person_id=maya.id, digest=named, side=side)
