"""Images of a body, in the size that a screen needs."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
SIZES = (640, 1280, 1920)
# How wide a text is: the column of a wide window, else the window.
COLUMN = "(min-width: 60rem) 45rem, 100vw"
_IMAGE = re.compile(r'<img ([^>]*?)src="(/api/v1/images/[0-9a-f]{32}/file)"([^>]*)>')
_WIDTH = re.compile(r'\bwidth="([0-9]{1,5})"')


@register.filter
def responsive(body: str) -> SafeString:
    """Return a body of the API, whose images come in the size of the screen, and only when they are near it."""
    # A callout is a note in the text, not a part of the page of its own.
    noted = body.replace("<aside", '<aside role="note"')
    return mark_safe(_IMAGE.sub(_in_sizes, noted))  # noqa: S308  the API sanitized it; attributes of ours are added


def _in_sizes(image: re.Match[str]) -> str:
    before, src, after = image.groups()
    width = _WIDTH.search(before + after)
    # Without a width the browser would take a small image for as wide as the column.
    widths = sorted({min(size, int(width[1])) for size in SIZES}) if width and int(width[1]) else []
    srcset = ", ".join(f"{src}?width={size} {size}w" for size in widths)
    more = f' srcset="{srcset}" sizes="{COLUMN}"' if srcset else ""
    return f'<img {before}src="{src}"{after}{more} loading="lazy" decoding="async">'
