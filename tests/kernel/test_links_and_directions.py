"""Where links of a body may lead, and signs that turn the direction of text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings

from announcements.kernel import bodies, text

Way = Callable[[str], str]
OURS = settings.BASE_URL.rstrip("/")


def by_html(address: str) -> str:
    return text.sanitize(f'<p><a href="{address}">here</a></p>')


def by_markdown(address: str) -> str:
    return text.from_markdown(f"[here](<{address}>)")


@pytest.mark.parametrize("way", [by_html, by_markdown])
@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/",
        "///evil.example/",
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "evil.example/page",
        "../a/1",
        "?next=//evil.example",
        "#there",
        "",
        "tel:+351 21 000",
        "ftp://evil.example/",
        "javascript://evil.example/%0aalert(1)",
        "mailto:",
    ],
)
def test_a_link_that_is_no_whole_address_is_its_words(way: Way, address: str) -> None:
    body = way(address)

    assert "<a" not in body
    assert "here" in body
    assert text.sanitize(body) == body


@pytest.mark.parametrize(
    "address", ["/\\evil.example/", "\\\\evil.example/", "https:\\\\evil.example", "ht&#9;tps://evil.example"]
)
def test_what_a_browser_takes_for_a_slash_leads_nowhere(address: str) -> None:
    assert by_html(address) == "<p>here</p>"


@pytest.mark.parametrize("way", [by_html, by_markdown])
@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://northwind.example/a?b=1#c", "https://northwind.example/a?b=1#c"),
        ("HTTP://northwind.example", "HTTP://northwind.example"),
        ("https://[::1]:8000/", "https://[::1]:8000/"),
        (" https://northwind.example/ ", "https://northwind.example/"),
        ("mailto:ines@northwind.example", "mailto:ines@northwind.example"),
        ("/a/12", f"{OURS}/a/12"),
        ("/", f"{OURS}/"),
    ],
)
def test_a_whole_address_stays_and_a_page_of_our_own_becomes_one(way: Way, address: str, kept: str) -> None:
    body = way(address)

    assert f'<a href="{kept}" rel="noopener noreferrer">here</a>' in body
    assert text.sanitize(body) == body


def test_a_path_of_another_site_does_not_become_one_of_ours() -> None:
    said = '<p><a href="/rel">on</a></p>'

    assert text.with_pictures(said, lambda _: "") == "<p>on</p>"
    assert 'href="https://blog.test/rel"' in text.with_pictures(said, lambda _: "", "https://blog.test/1")


def test_the_editor_is_told_where_a_link_may_lead() -> None:
    assert bodies.editor_schema()["marks"]["link"]["attributes"]["href"]


@pytest.mark.parametrize("sign", [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))])
@pytest.mark.parametrize("written", ["{}", "entity"])
def test_no_sign_turns_the_text_around_it(sign: str, written: str) -> None:
    said = sign if written == "{}" else f"&#{ord(sign)};"
    image = text.image_address("0a" * 16)

    body = text.sanitize(
        f'<p>safe{said}gpj.exe <a href="https://x.test/{said}" title="a{said}b">y{said}</a></p>'
        f'<pre><code>if {said}x</code></pre><figure><img src="{image}" alt="a{said}b"></figure>'
    )

    assert sign not in body
    assert "<p>safegpj.exe " in body
    assert text.sanitize(body) == body
    assert sign not in text.from_markdown(f"safe{sign}gpj.exe")


def test_marks_of_direction_stay_where_two_scripts_meet() -> None:
    said = "\u05e9\u05dc\u05d5\u05dd Mantel\u200f!"

    assert text.sanitize(f"<p>{said}</p>") == f"<p>{said}</p>"
    assert text.one_line(said, marks=True) == said
    assert text.one_line("\u200e \u200f", marks=True) == ""
    assert text.one_line("a\u202e\u200eb", marks=True) == "a\u200eb"


@pytest.mark.parametrize("written", ["\x01", "\x1b", "\x7f", "\x85", "&#1;", "&#x1b;"])
def test_signs_that_no_feed_can_say_are_left_out_of_a_body(written: str) -> None:
    body = text.sanitize(f"<p>a{written}b</p><pre><code>c{written}\n\td</code></pre>")

    assert body == "<p>ab</p><pre><code>c\n\td</code></pre>"
