"""Our own pages call nothing that is undocumented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from drf_spectacular.generators import SchemaGenerator

ROOT = Path(__file__).resolve().parents[2]
# client.get("people"), api.post(f"announcements/{id}/publish"), client.post(`announcements/${id}/acknowledge`), fetch("/api/v1/feed")
CALLS = re.compile(r"""\b(?:client|api|_?client\(\w+\))\.(?:get|post|patch|delete)\(\s*f?["'`]([^"'`]+)["'`]""", re.I)
ADDRESSES = re.compile(r"""["'`](/api/v1/[^"'`]+)["'`]""")


def shape(path: str) -> str:
    """Return a path without its query and with `{}` for whatever stands in for an id."""
    bare = re.sub(r"\$?\{[^}]*\}", "{}", path).partition("?")[0]
    return bare.removeprefix("/").removeprefix("api/v1/").rstrip("/")


def called() -> Iterator[tuple[str, str]]:
    files = [*(ROOT / "announcements" / "web").rglob("*.py"), *(ROOT / "static" / "js").rglob("*.js")]
    for file in [*files, *(ROOT / "templates").rglob("*.html")]:
        text = file.read_text()
        for path in [*CALLS.findall(text), *ADDRESSES.findall(text)]:
            yield shape(path), str(file.relative_to(ROOT))


def test_every_call_of_our_pages_is_documented() -> None:
    documented = {shape(path) for path in SchemaGenerator().get_schema(request=None, public=True)["paths"]}
    documented |= {"schema", "docs"}
    calls = dict(called())

    assert calls, "no calls were found: has the way of calling changed?"
    assert {path: file for path, file in calls.items() if path and path not in documented} == {}
