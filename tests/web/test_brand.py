"""A company's hue, whichever it is, leaves every text readable: WCAG contrast, computed from the tokens themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css").read_text()
Color = tuple[float, float, float]
# Text, and what it stands on.
PAIRS = [
    *(("accent-ink", on) for on in ("canvas", "surface", "sunken", "raised", "hover", "accent-soft")),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("ink", "accent-soft"),
    ("ink-2", "accent-soft"),
    ("ink-3", "accent-soft"),
]


def token(name: str, dark: bool, hue: float, chroma: float) -> Color:
    """Return a token's lightness, chroma and hue in one scheme for a brand."""
    found = re.search(rf"--{name}:\s*light-dark\(oklch\((.*?)\),\s*oklch\((.*?)\)\);", TOKENS)
    assert found, name
    said = found[2 if dark else 1]
    said = re.sub(r"calc\(([\d.]+) \* var\(--brand-c\)\)", lambda m: str(float(m[1]) * chroma), said)
    said = said.replace("var(--brand-h)", str(hue)).replace("var(--paper-h)", "95").replace("var(--night-h)", "170")
    lightness, strength, angle = map(float, said.split())
    return lightness, strength, angle


def linear(color: Color) -> Color:
    """Return linear sRGB of OKLCH (B. Ottosson, 2020), not yet cut to what a screen can show."""
    lightness, chroma, hue = color
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def shown(color: Color) -> Iterator[Color]:
    """Return what a screen may show: channels cut off, as Chromium does, or the chroma lowered, as CSS Color 4 says."""
    red, green, blue = linear(color)
    yield min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1)
    lightness, chroma, hue = color
    while chroma > 0 and not all(-1e-4 <= part <= 1 + 1e-4 for part in linear((lightness, chroma, hue))):
        chroma -= 0.002
    red, green, blue = linear((lightness, max(chroma, 0), hue))
    yield min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1)


def luminances(name: str, dark: bool, hue: float, chroma: float) -> list[float]:
    colors = shown(token(name, dark, hue, chroma))
    return [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in colors]


def contrast(pair: tuple[str, str], dark: bool, hue: float, chroma: float) -> float:
    """Return the lowest contrast of a pair, by whichever way colors are brought onto the screen."""
    ways = zip(*(luminances(name, dark, hue, chroma) for name in pair), strict=True)
    return min((max(one) + 0.05) / (min(one) + 0.05) for one in ways)


@pytest.mark.parametrize("chroma", [1.0, 1.4], ids=["as it is", "at its strongest"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_hue_keeps_text_readable(dark: bool, chroma: float) -> None:
    weak = {
        (*pair, hue): round(found, 2)
        for pair in PAIRS
        for hue in range(360)
        if (found := contrast(pair, dark, hue, chroma)) < 4.5
    }
    assert weak == {}


def test_the_computation_knows_black_from_white() -> None:
    white, black = linear((1, 0, 0)), linear((0, 0, 0))
    assert all(math.isclose(part, 1, abs_tol=1e-3) for part in white)
    assert black == (0, 0, 0)
    assert 4.4 < contrast(("ink-3", "canvas"), False, 165, 1) < 6
