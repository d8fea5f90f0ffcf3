"""The pictures of two announcements, drawn here."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

PAPER, INK, LINE, ACCENT, ALARM = "#fbf8f2", "#26221c", "#c9c1b2", "#2f6f62", "#b4472e"
SIDE = (1440, 810)


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sheet = Image.new("RGB", SIDE, PAPER)
    return sheet, ImageDraw.Draw(sheet)


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int = 30, color: str = INK) -> None:
    pen.text(at, words, fill=color, font=ImageFont.load_default(size), anchor="mm")


def _png(sheet: Image.Image) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def surcharge() -> bytes:
    """Return the four steps of the surcharge as bars."""
    sheet, pen = _sheet()
    pen.line((120, 660, 1340, 660), fill=LINE, width=4)
    steps = (("under 1.40", 0), ("1.40 to 1.59", 4), ("1.60 to 1.79", 8), ("from 1.80", 12))
    for place, (index, percent) in enumerate(steps):
        left, top = 190 + place * 290, 660 - percent * 42
        pen.rectangle((left, min(top, 655), left + 180, 660), fill=ACCENT)
        _write(pen, (left + 90, top - 36), f"{percent}%", 44)
        _write(pen, (left + 90, 706), index)
    _write(pen, (720, 764), "public diesel index of the country of departure, per litre", 26)
    return _png(sheet)


def drill() -> bytes:
    """Return a plan of the office: the blocked stair and the meeting point."""
    sheet, pen = _sheet()
    pen.rectangle((180, 150, 1020, 600), outline=INK, width=8)
    for wall in (390, 600, 810):
        pen.line((wall, 150, wall, 330), fill=INK, width=5)
    pen.line((180, 330, 940, 330), fill=INK, width=5)
    _write(pen, (600, 460), "Office, second floor", 36)
    for left, name, color in ((180, "West stair", ACCENT), (900, "East stair", ALARM)):
        pen.rectangle((left, 480, left + 120, 600), outline=color, width=8)
        _write(pen, (left + 60, 640), name, 30, color)
    for left in (1040, 1100):
        pen.rectangle((left, 520, left + 50, 580), fill=ALARM)
    _write(pen, (1095, 490), "pallets", 28, ALARM)
    pen.line((1290, 230, 1290, 420), fill=INK, width=8)
    pen.polygon(((1294, 230), (1390, 262), (1294, 294)), fill=ACCENT)
    _write(pen, (1290, 460), "Meeting point", 30, ACCENT)
    pen.line((240, 668, 240, 730, 1290, 730, 1290, 490), fill=ACCENT, width=6, joint="curve")
    return _png(sheet)


DRAWINGS: dict[str, Callable[[], bytes]] = {"surcharge": surcharge, "drill": drill}
