"""An image on the reader's page, in the size of their screen."""

from __future__ import annotations

import re
from typing import Any

from announcements.people import services as people
from announcements.web.templatetags.images import responsive

SRC = f"/api/v1/images/{'0a' * 16}/file"


def test_a_page_offers_an_image_in_the_sizes_it_has() -> None:
    shown = responsive(f'<p>x</p><img src="{SRC}" alt="a" width="1500" height="750">')

    assert f'srcset="{SRC}?width=640 640w, {SRC}?width=1280 1280w, {SRC}?width=1500 1500w"' in shown
    assert shown.startswith("<p>x</p><img ") and 'loading="lazy"' in shown and 'alt="a"' in shown


def test_without_a_width_nothing_is_stretched() -> None:
    for width in ("", ' width="0"', ' width="x"'):
        shown = responsive(f'<img src="{SRC}"{width} alt="a &quot; width=&quot;9">')
        assert "srcset" not in shown and 'loading="lazy"' in shown


def test_a_reader_meets_it_on_the_page(out: int, api: Any, maya: people.Person) -> None:
    browser = api(maya).browser

    page = browser.get(f"/a/{out}").content.decode()

    (src,) = re.findall(r'<img [^>]*src="(/api/v1/images/[^"]+)"', page)
    assert browser.get(src).status_code == 200
