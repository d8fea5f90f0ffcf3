"""The door of a company's settings: who may change what, and what is kept."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from lucide.templatetags import lucide
from PIL import Image

from announcements.kernel import errors
from announcements.people import events
from announcements.people import services as people
from tests.conftest import join
from tests.pictures import picture

Changes = people.WorkspaceChanges


@pytest.fixture
def ada(olga: people.Person, now: datetime) -> people.Person:
    """Return an admin."""
    ada = join(olga, "Ada Admin", "Europe/Amsterdam", now)
    return people.change_role(by=olga.id, person_id=ada.id, role="admin", now=now)


@pytest.fixture
def noted() -> Iterator[list[dict[str, Any]]]:
    heard: list[dict[str, Any]] = []

    def hear(**told: Any) -> None:
        heard.append(told)

    events.noted.connect(hear)
    yield heard
    events.noted.disconnect(hear)


def test_clocks_and_links_are_kept_in_their_order(ada: people.Person, now: datetime) -> None:
    clocks = (people.Clock(" Porto ", "Europe/Lisbon"), people.Clock("Manila", "Asia/Manila"))
    links = (
        people.Link("Handbook", " https://handbook.northwind.test/a?b#c ", "book-open"),
        people.Link("IT", "https://it/"),
    )

    people.update_workspace(by=ada.id, changes=Changes(clocks=clocks, links=links), now=now)

    kept = people.workspace(workspace_id=ada.workspace_id)
    assert [clock.label for clock in kept.clocks] == ["Porto", "Manila"]
    assert [(link.url, link.icon) for link in kept.links] == [
        ("https://handbook.northwind.test/a?b#c", "book-open"),
        ("https://it/", "link"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (Changes(clocks=(people.Clock("", "Europe/Lisbon"),)), "clocks.0.label"),
        (Changes(clocks=(people.Clock("Oz", "Oz/Emerald"),)), "clocks.0.timezone"),
        (Changes(clocks=tuple(people.Clock(str(n), "UTC") for n in range(13))), "clocks"),
        (Changes(links=(people.Link("x", "https://x.test/"), people.Link("y", "http://y.test/"))), "links.1.url"),
        (Changes(links=(people.Link("x", "javascript:alert(1)"),)), "links.0.url"),
        (Changes(links=(people.Link("x", "https://"),)), "links.0.url"),
        (Changes(links=(people.Link("x", "https://me:secret@x.test/"),)), "links.0.url"),
        (Changes(links=(people.Link("x", "https://x.test:99999/"),)), "links.0.url"),
        (Changes(links=(people.Link("x", "https://x.test/\u202e"),)), "links.0.url"),
        (Changes(links=(people.Link("x", "https://x.test/", "skull"),)), "links.0.icon"),
        (Changes(retention_days=3), "retention_days"),
        (Changes(privacy="secret"), "privacy"),
    ],
)
def test_what_cannot_be_used_is_named_by_its_place_and_nothing_is_kept(
    olga: people.Person, now: datetime, changes: people.WorkspaceChanges, field: str
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        people.update_workspace(by=olga.id, changes=changes, now=now)

    assert list(refused.value.fields) == [field]
    kept = people.workspace(workspace_id=olga.workspace_id)
    assert (kept.clocks, kept.links, kept.privacy, kept.retention_days) == ((), (), "standard", 90)


def test_a_change_is_noted_by_the_names_of_its_fields(olga: people.Person, now: datetime, noted: list[Any]) -> None:
    people.update_workspace(by=olga.id, changes=Changes(name="Fjord", timezone="Europe/Oslo", brand_hue=165), now=now)
    people.update_workspace(by=olga.id, changes=Changes(name="Fjord"), now=now)

    (told,) = noted
    assert (told["verb"], told["subject"]) == ("workspace_changed", f"workspace:{olga.workspace_id}")
    assert (told["by"], told["workspace_id"], told["at"]) == (olga.id, olga.workspace_id, now)
    assert told["details"] == {"fields": ["name", "timezone"]}


# -- logo ------------------------------------------------------------------------------------------------------------


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_made_anew_in_fixed_squares(olga: people.Person, now: datetime, kind: str) -> None:
    more = {"exif": Image.Exif(), "comment": b"secret"} if kind == "JPEG" else {}
    digest = people.set_logo(by=olga.id, content=picture((300, 100), kind, **more), now=now).logo

    for side in people.LOGO_SIZES:
        png = people.logo(workspace_id=olga.workspace_id, digest=digest, side=side)
        made = opened(png)
        assert (made.format, made.size) == ("PNG", (side, side))
        assert b"secret" not in png
        corner, middle = made.getpixel((0, 0)), made.getpixel((side // 2, side // 2))
        assert corner[3] == 0 and middle[3] == 255  # type: ignore[index]  # whole, on a transparent square


def bomb() -> bytes:
    """Return a PNG of a few bytes that claims 40,000 by 40,000 pixels."""
    tiny = picture((16, 16))
    head = b"IHDR" + (40_000).to_bytes(4, "big") * 2 + tiny[24:29]
    return tiny[:12] + head + zlib.crc32(head).to_bytes(4, "big") + tiny[33:]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG and HTML can carry code"),
        (b"\n <?xml version='1.0'?><svg/>", "SVG and HTML can carry code"),
        (b"%PDF-1.7", "not a picture"),
        (b"", "file is empty"),
        (picture(kind="BMP"), "not a picture"),
        (picture(kind="TIFF"), "not a picture"),
        (picture((8, 8)), "too small"),
        (picture((5000, 5000), "GIF"), "too many pixels"),
        (bomb(), "too many pixels"),
        (picture((400, 400), "JPEG", quality=95)[:600], "damaged"),
        (b"\x89PNG" + b"x" * 1_000_001, "at most 1 MB"),
    ],
    ids=["svg", "xml", "pdf", "nothing", "bmp", "tiff", "tiny", "huge", "bomb", "cut off", "heavy"],
)
def test_what_is_no_logo_is_refused_with_its_reason(
    olga: people.Person, now: datetime, content: bytes, words: str
) -> None:
    with pytest.raises(errors.Invalid, match=words):
        people.set_logo(by=olga.id, content=content, now=now)

    assert people.workspace(workspace_id=olga.workspace_id).logo == ""


@pytest.mark.django_db(transaction=True)  # files go at the commit
def test_a_new_logo_replaces_the_files_of_the_old(
    olga: people.Person, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    }
    folder = f"logos/{olga.workspace_id}"
    first = people.set_logo(by=olga.id, content=picture(color="red"), now=now).logo
    second = people.set_logo(by=olga.id, content=picture(color="blue"), now=now + timedelta(minutes=1)).logo
    assert sorted(default_storage.listdir(folder)[1]) == [f"{second}-256.png", f"{second}-64.png"]
    with pytest.raises(errors.NotFound):
        people.logo(workspace_id=olga.workspace_id, digest=first, side=64)

    assert people.remove_logo(by=olga.id, now=now).logo == ""

    assert default_storage.listdir(folder)[1] == []


def test_a_logo_is_its_companys(olga: people.Person, charlie: people.Person, now: datetime) -> None:
    digest = people.set_logo(by=olga.id, content=picture(), now=now).logo

    for workspace_id, named, side in [
        (charlie.workspace_id, digest, 64),
        (olga.workspace_id, "", 64),
        (olga.workspace_id, digest, 65),
    ]:
        with pytest.raises(errors.NotFound):
            people.logo(workspace_id=workspace_id, digest=named, side=side)


# -- set-up ----------------------------------------------------------------------------------------------------------


def states(found: people.Setup) -> dict[str, str]:
    return {step.name: step.state for step in found.steps}


def test_a_new_company_is_set_up_step_by_step_and_then_left_alone(olga: people.Person, now: datetime) -> None:
    begun = people.setup(by=olga.id)
    assert (begun.current, begun.closed_at) == ("mail", None)

    people.update_setup(by=olga.id, steps={"mail": "skipped"}, now=now)
    people.update_setup(by=olga.id, steps={"tab": "done"}, draft_id=7, now=now)

    left = people.setup(by=olga.id)
    assert states(left) == {
        "organization": "done",
        "mail": "skipped",
        "people": "open",
        "tab": "done",
        "announcement": "open",
    }
    assert (left.current, left.draft_id, left.closed_at) == ("people", 7, None)
    people.update_setup(by=olga.id, steps={"people": "done"}, now=now)
    assert people.update_setup(by=olga.id, steps={"announcement": "done"}, now=now).closed_at == now
    assert people.update_setup(by=olga.id, closed=False, now=now).closed_at is None


@pytest.mark.parametrize(
    "steps", [{"organization": "skipped"}, {"organization": "open"}, {"mail": "half"}, {"lunch": "done"}]
)
def test_only_known_answers_are_taken(olga: people.Person, now: datetime, steps: Any) -> None:
    with pytest.raises(errors.Invalid):
        people.update_setup(by=olga.id, steps=steps, now=now)

    assert people.setup(by=olga.id).current == "mail"


def test_the_set_up_is_the_owners(ada: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Forbidden):
        people.setup(by=ada.id)
    with pytest.raises(errors.Forbidden):
        people.update_setup(by=ada.id, closed=True, now=now)


@pytest.mark.parametrize("icon", people.ICONS)
def test_each_icon_of_a_link_can_be_drawn(icon: str) -> None:
    assert "<svg" in lucide.lucide(icon)
