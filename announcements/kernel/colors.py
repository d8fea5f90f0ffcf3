"""A company's color as mail says it: what the tokens of the pages (static/css/tokens.css) say as OKLCH, in red, green and blue."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

HUE = 165


@dataclass(frozen=True, slots=True)
class Accent:
    """`--accent` of a hue, on `light` and on `dark`."""

    light: str
    dark: str


@lru_cache(360)
def accent(hue: int) -> Accent:
    """Return the accent of a hue in degrees."""
    return Accent(_hex(0.455, 0.080, hue), _hex(0.780, 0.105, hue))


def _hex(lightness: float, chroma: float, hue: int) -> str:
    """Return an OKLCH color as #rrggbb, each part cut off where a screen ends (https://bottosson.github.io/posts/oklab/)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _shown(part)):02x}" for part in linear)


def _shown(linear: float) -> float:
    part = min(1.0, max(0.0, linear))
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
