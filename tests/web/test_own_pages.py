"""Our own pages call nothing that is undocumented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from drf_spectacular.generators import SchemaGenerator

ROOT = Path(__file__).resolve().parents[2]
# self.api.get("people"), client.post(`announcements/${id}/acknowledge`), client.ask("feed", etag)
CALLS = re.compile(r"""\b#?(?:client|api)\.(get|ask|post|patch|delete)\(\s*f?["'`]([^"'`]+)["'`]""")


def shape(path: str) -> str:
    """Return a path without its query and with `{}` for whatever stands in for an id."""
    return re.sub(r"\$?\{[^}]*\}", "{}", path).partition("?")[0].removeprefix("/api/v1/")


def called() -> Iterator[tuple[tuple[str, str], str]]:
    for file in [*(ROOT / "announcements" / "web").rglob("*.py"), *(ROOT / "static" / "js").rglob("*.js")]:
        for method, path in CALLS.findall(file.read_text()):
            yield ("get" if method == "ask" else method, shape(path)), str(file.relative_to(ROOT))


def test_every_call_of_our_pages_is_documented() -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    documented = {(method, shape(path)) for path, methods in paths.items() for method in methods}
    calls = dict(called())

    assert len(calls) > 20, "few calls were found: has the way of calling changed?"
    assert {call: file for call, file in calls.items() if call not in documented} == {}


def test_no_page_carries_code_or_style_of_its_own() -> None:
    inline = re.compile(r"""\sstyle=|\son\w+=["']|<style|<script(?![^>]*\ssrc=)|javascript:""", re.I)
    named = "<style>{{ style|safe }}</style>"  # the extension's own, which its policy names by a digest
    templates = {
        str(file): file.read_text().replace(named, "")
        for file in (ROOT / "templates").rglob("*.html")
        if "email" not in file.parts
    }
    scripts = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(")

    assert {file: inline.findall(text) for file, text in templates.items() if inline.search(text)} == {}
    assert [str(file) for file in (ROOT / "static" / "js").rglob("*.js") if scripts.search(file.read_text())] == []


def test_styles_know_no_left_and_right() -> None:
    physical = re.compile(
        r"\b(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?<![-\w])(?:left|right|top|bottom|width|height)\s*:|text-align:\s*(?:left|right)"
    )
    styles = [file for file in (ROOT / "static" / "css").glob("*.css") if file.name != "tokens.css"]

    assert {file.name: physical.findall(file.read_text()) for file in styles if physical.search(file.read_text())} == {}


def test_every_sentence_on_a_page_is_marked_for_translation() -> None:
    """Look for words between tags that no translation tag surrounds."""
    marked = re.compile(
        r"{% block (?:body_class|of_page) %}.*?{% endblock %}|{%\s*blocktrans.*?{%\s*endblocktrans\w*\s*%}|{%.*?%}|{{.*?}}|{#.*?#}|<kbd\b.*?</kbd>|<!--.*?-->",
        re.S,
    )
    product = {"Mantel", "Esc", "M"}
    found = {}
    for file in [*(ROOT / "templates" / "web").rglob("*.html"), *(ROOT / "templates" / "account").rglob("*.html")]:
        bare = re.sub(r"<[^>]+>", "\n", marked.sub("", file.read_text()))
        words = {line.strip() for line in bare.splitlines() if re.search(r"[A-Za-z]{2,}", line)} - product
        if words:
            found[file.name] = words
    assert found == {}
