"""What may be uploaded, and what becomes of it."""

from __future__ import annotations

import io
import os
import struct
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from PIL import Image, ImageCms, ImageDraw
from PIL.TiffImagePlugin import IFDRational

from announcements.kernel import errors
from announcements.media import services as media
from announcements.people import services as people
from tests.media.conftest import ready
from tests.pictures import picture

pytestmark = pytest.mark.usefixtures("operations")


def made(
    ines: people.Person, content: bytes, now: datetime, width: int = 1920
) -> tuple[media.Image, Image.Image, bytes]:
    """Upload as Ines and let it be made; return the image, the picture that readers get, and its bytes."""
    image = ready(media.upload(by=ines.id, content=content, now=now), now)
    assert (image.state, image.fault) == ("ready", "")
    file = media.read(key=image.key, width=width)
    assert file.content_type == "image/webp"
    return image, Image.open(io.BytesIO(file.content)), file.content


def saved(drawn: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    drawn.save(out, kind, **more)
    return out.getvalue()


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """Return a PNG whose head names a size, whatever its pixels are."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_an_image_is_kept_in_sizes_none_wider_than_it_came(ines: people.Person, now: datetime) -> None:
    image, largest, _bytes = made(ines, picture((1500, 750)), now)

    assert (image.width, image.height, image.sizes) == (1500, 750, (640, 1280, 1500))
    assert (largest.format, largest.size) == ("WEBP", (1500, 750))
    smaller = Image.open(io.BytesIO(media.read(key=image.key, width=700).content))
    assert smaller.size == (1280, 640)


def test_it_is_shown_only_once_it_was_made_anew(ines: people.Person, now: datetime, storage: Path) -> None:
    image = media.upload(by=ines.id, content=picture(), now=now)
    assert image.state == "processing"
    with pytest.raises(errors.NotFound):
        media.read(key=image.key)

    assert ready(image, now).state == "ready"

    assert [file.name for file in storage.rglob("*") if file.is_file()] == [f"{image.key}-120.webp"]
    assert not media.make(image_id=image.id, now=now + timedelta(hours=1)), "made twice"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_stands_upright_and_tells_no_place(ines: people.Person, now: datetime, kind: str) -> None:
    drawn = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(drawn).rectangle((0, 0, 60, 200), fill="red")  # left: on top once it is turned
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (IFDRational(52), IFDRational(22), IFDRational(1))

    image, shown, content = made(ines, saved(drawn, kind, exif=exif, comment=b"secret note"), now)

    assert (image.width, image.height) == shown.size == (200, 400)
    red, green, _blue = shown.convert("RGB").getpixel((100, 20))  # type: ignore[misc]  # three bands
    assert red > 200 > 100 > green
    assert dict(shown.getexif()) == {}
    assert not any(word in content for word in (b"Secret", b"secret", b"Exif", b"EXIF", b"ICCP", b"XMP"))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "JPEG"])
def test_all_four_kinds_are_taken(ines: people.Person, now: datetime, kind: str) -> None:
    _image, shown, _bytes = made(ines, picture((700, 350), kind, "orange"), now)

    assert shown.size == (700, 350)


def test_print_colors_become_colors_of_screens(ines: people.Person, now: datetime) -> None:
    _image, shown, _bytes = made(ines, saved(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG"), now)

    red, green, blue = shown.convert("RGB").getpixel((32, 32))  # type: ignore[misc]  # three bands
    assert shown.mode == "RGB"
    assert red > 200 and green < 60 and blue < 60


def test_a_color_profile_is_applied_and_dropped(ines: people.Person, now: datetime) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (lab, b"no profile at all"):
        _image, shown, _bytes = made(ines, saved(Image.new("RGB", (64, 64), "teal"), "PNG", icc_profile=profile), now)
        assert "icc_profile" not in shown.info
        assert shown.getpixel((9, 9)) == pytest.approx((0, 128, 128), abs=3)


def test_sixteen_bits_of_gray_keep_their_shade(ines: people.Person, now: datetime) -> None:
    drawn = Image.new("I;16", (64, 64), 32768)

    _image, shown, _bytes = made(ines, saved(drawn, "PNG"), now)

    assert shown.convert("L").getpixel((9, 9)) == pytest.approx(128, abs=3)


def test_what_is_clear_stays_clear(ines: people.Person, now: datetime) -> None:
    _image, shown, _bytes = made(ines, saved(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"), now)

    assert shown.convert("RGBA").getpixel((9, 9))[3] == 0  # type: ignore[index]  # four bands


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_what_moves_stands_still_and_says_so(ines: people.Person, now: datetime, kind: str) -> None:
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "green", "blue")]
    content = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)

    image, shown, _bytes = made(ines, content, now)

    assert image.still
    assert getattr(shown, "n_frames", 1) == 1
    assert shown.convert("RGB").getpixel((32, 32))[0] > 200  # type: ignore[index]  # three bands


def test_nothing_that_rides_on_a_picture_is_kept(ines: people.Person, now: datetime) -> None:
    rider = b"<script>alert(1)</script>PK\x03\x04<?php evil ?>"
    content = picture((64, 64), "JPEG", comment=rider) + rider

    _image, _shown, kept = made(ines, content, now)

    assert not any(part in kept for part in (b"script", b"PK\x03\x04", b"php"))


def test_the_name_and_claimed_kind_of_a_file_do_not_matter(ines: people.Person, now: datetime, api: Any) -> None:
    file = io.BytesIO(picture((64, 64), "PNG"))
    file.name = "holiday.jpg"

    answer = api(ines).browser.post("/api/v1/images", {"file": file})

    assert answer.status_code == 201, answer.content


HOSTILE = {
    "empty": (b"", "empty"),
    "svg": (b"\xef\xbb\xbf <?xml version='1.0'?><svg onload='alert(1)'/>", "SVG"),
    "html": (b"<!doctype html><script>alert(1)</script>", "SVG and HTML"),
    "words": (b"just words", "not a picture"),
    "pdf": (b"%PDF-1.7 \n", "not a picture"),
    "tiff": (saved(Image.new("RGB", (9, 9)), "TIFF"), "not a picture"),
    "bmp": (saved(Image.new("RGB", (9, 9)), "BMP"), "not a picture"),
    "ico": (saved(Image.new("RGB", (16, 16)), "ICO"), "not a picture"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "not a picture"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "head alone": (b"\x89PNG\r\n\x1a\n", "not a picture"),
    "bomb of 100 megapixels": (png(10_000, 10_000, bytes(30_000)), "at most 50 megapixels"),
    "bomb beyond what is opened": (png(65_000, 65_000), "at most 50 megapixels"),
    "side of nothing": (png(0, 100), "picture"),
    "cut off png": (saved(noise((300, 300)), "PNG")[:90_000], "damaged"),
    "cut off jpeg": (saved(noise((300, 300)), "JPEG")[:20_000], "damaged"),
    "cut off webp": (saved(noise((300, 300)), "WEBP")[:20_000], "damaged"),
    "cut off gif": (saved(noise((300, 300)), "GIF")[:20_000], "damaged"),
    "too heavy": (picture() + bytes(10_000_000), "at most 10 MB"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_shown_is_refused_at_its_field(ines: people.Person, api: Any, storage: Path, what: str) -> None:
    content, words = HOSTILE[what]

    answer = api(ines).browser.post("/api/v1/images", {"file": io.BytesIO(content)})

    assert answer.status_code == 422, answer.content
    (fault,) = answer.json()["errors"]
    assert fault["field"] == "file"
    assert words in fault["message"]
    assert [file for file in storage.rglob("*") if file.is_file()] == []


def test_a_large_file_that_was_cut_off_fails_with_its_reason(ines: people.Person, now: datetime, storage: Path) -> None:
    image = media.upload(by=ines.id, content=png(2400, 2000, bytes(90_000)), now=now)

    failed = ready(image, now)

    assert (failed.state, failed.fault) == ("failed", "This picture is damaged. Save it anew and try again.")
    assert [file for file in storage.rglob("*") if file.is_file()] == []


def test_who_may_address_nobody_uploads_nothing(maya: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Forbidden):
        media.upload(by=maya.id, content=picture(), now=now)


@pytest.mark.parametrize("data", [{}, {"file": "words"}, {"other": "x"}])
def test_a_form_without_its_file_says_which(ines: people.Person, api: Any, data: dict[str, str]) -> None:
    answer = api(ines).browser.post("/api/v1/images", data)

    assert answer.status_code == 422
    assert "file" in {fault["field"] for fault in answer.json()["errors"]}


def test_a_lost_task_is_found_and_a_held_one_left(ines: people.Person, now: datetime) -> None:
    image = media.upload(by=ines.id, content=picture(), now=now)
    minute = now + timedelta(minutes=1)
    assert media.waiting(now=now) == []
    assert media.waiting(now=minute) == [image.id]

    ready(image, minute)

    assert media.waiting(now=minute + timedelta(hours=1)) == []


def test_two_workers_at_one_image_leave_no_file_behind(
    ines: people.Person, now: datetime, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = media.upload(by=ines.id, content=picture((300, 200)), now=now)
    later = now + timedelta(minutes=3)
    left = [lambda: media.make(image_id=image.id, now=later)]
    delete = FileSystemStorage.delete

    def deleted(self: FileSystemStorage, name: str) -> None:
        delete(self, name)
        if left and name.endswith(".webp"):
            assert left.pop()()

    monkeypatch.setattr(FileSystemStorage, "delete", deleted)
    media.make(image_id=image.id, now=now)

    assert media.get(key=image.key).sizes == (300,)
    assert [path.name for path in storage.rglob("*") if path.is_file()] == [f"{image.key}-300.webp"]


def test_a_worker_that_ends_after_the_image_was_removed_leaves_no_file_behind(
    ines: people.Person, now: datetime, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = media.upload(by=ines.id, content=picture((300, 200)), now=now)
    save = FileSystemStorage.save

    def saved(self: FileSystemStorage, name: str, content: Any, max_length: int | None = None) -> str:
        media.remove_unused(now=now + timedelta(days=8))
        return str(save(self, name, content, max_length))

    monkeypatch.setattr(FileSystemStorage, "save", saved)
    media.make(image_id=image.id, now=now)

    assert [path for path in storage.rglob("*") if path.is_file()] == []


def test_a_file_that_ends_its_worker_each_time_is_given_up(
    ines: people.Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from announcements.media import _files

    class Ended(BaseException):
        """What a killed worker leaves: nothing."""

    def end(*_: object) -> None:
        raise Ended

    image = media.upload(by=ines.id, content=picture(), now=now)
    monkeypatch.setattr(_files, "make", end)
    for hour in range(3):
        with pytest.raises(Ended):
            media.make(image_id=image.id, now=now + timedelta(hours=hour))
        assert not media.make(image_id=image.id, now=now + timedelta(hours=hour, minutes=1)), "another has it"

    media.make(image_id=image.id, now=now + timedelta(hours=4))

    assert media.get(key=image.key).state == "failed"
