"""Pictures for tests, drawn on the spot."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def picture(size: tuple[int, int] = (120, 40), kind: str = "PNG", color: str = "rebeccapurple", **more: Any) -> bytes:
    """Return a picture of one color."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **more)
    return out.getvalue()
