"""A company's color in its mail is the one of its pages, whatever the hue."""

from __future__ import annotations

import pytest

from announcements.kernel import colors
from tests.web.test_brand import Color, shown, token


def _hex(color: Color) -> str:
    parts = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in color]
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


@pytest.mark.parametrize("hue", range(0, 360, 5))
def test_mail_has_the_accent_of_the_tokens(hue: int) -> None:
    light, dark = (_hex(next(shown(token("accent", dark, hue, 1)))) for dark in (False, True))

    assert colors.accent(hue) == colors.Accent(light, dark)
