"""The stored form of a body: one way to say each thing, whoever wrote it."""

from __future__ import annotations

import re
import time

import pytest

from announcements.kernel import bodies, text
from tests.bodies import EVERYTHING, IMAGE, anybody

SRC = f"/api/v1/images/{IMAGE}/file"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("loose <b>words</b>", "<p>loose <strong>words</strong></p>"),
        ("<em><strong>x</strong></em>", "<p><strong><em>x</em></strong></p>"),
        ("<strong>a</strong><strong>b</strong>", "<p><strong>ab</strong></p>"),
        ("<p> a  <b> b</b>\n </p><p>&nbsp;</p><p></p>", "<p>a <strong>b</strong></p>"),
        ("<h1>One</h1><h6>Six</h6>", "<h2>One</h2><h4>Six</h4>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<ul><li><p>a</p></li><li>b<ul><li>c</li></ul></li></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<ul>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ol start=1><li>a</ol>", "<ol><li>a</li></ol>"),
        (
            "<ul data-kind=tasks><li>a<li data-done=true>b</ul>",
            '<ul data-kind="tasks"><li data-done="false">a</li><li data-done="true">b</li></ul>',
        ),
        ("<ul><li data-done=true>b</ul>", "<ul><li>b</li></ul>"),
        ("<aside data-kind=evil>x</aside>", "<aside><p>x</p></aside>"),
        (f'<p>a<img src="{SRC}">b</p>', f'<p>a</p><figure><img src="{SRC}" alt=""></figure><p>b</p>'),
        ("<figure><figcaption>words</figcaption></figure>", "<p>words</p>"),
        (
            '<pre><code class="language-sh evil">a</code></pre><code class="language-sh">b</code>',
            "<pre><code>a</code></pre><p><code>b</code></p>",
        ),
        (
            "<table><tr><th>a<th>b<tr><td>1</table>",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>",
        ),
        (
            "<table><tr><td rowspan=9>a<td>b</table>",
            "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td><h2>a</h2><blockquote>b</blockquote></table>",
            "<table><tbody><tr><td><p>a</p><p>b</p></td></tr></tbody></table>",
        ),
    ],
)  # fmt: skip
def test_there_is_one_way_to_say_it(written: str, stored: str) -> None:
    assert text.sanitize(written) == stored


def test_a_body_with_everything_is_stored_as_it_is() -> None:
    assert text.sanitize(EVERYTHING) == EVERYTHING


@pytest.mark.parametrize("seed", range(150))
def test_the_stored_form_of_anything_stays(seed: int) -> None:
    body = anybody(seed)

    assert text.sanitize(body) == body


def test_the_editor_has_every_element_that_may_be_stored() -> None:
    schema = bodies.editor_schema()

    told = {mark["tag"] for mark in schema["marks"].values()} | {
        tag for one in schema["blocks"].values() for tag in one
    }
    assert told == set(text.ALLOWED)


def test_lists_nested_beyond_reason_lose_levels_and_no_words() -> None:
    body = text.sanitize("".join(f"<ul><li>item{level}" for level in range(400)))

    assert body.count("<ul>") == 8
    assert all(f"item{level}" in re.split(r"<[^>]+>|\s", body) for level in range(400))
    assert text.sanitize(body) == body


@pytest.mark.parametrize(
    "open_", ["<ul><li>", "<blockquote>", "<b>", "<table><tr><td>", "<div>", "<aside>", "<a href='https://x.test'>"]
)
def test_what_is_nested_without_end_is_dealt_with_soon(open_: str) -> None:
    start = time.monotonic()

    text.sanitize(open_ * (text.MAX_BODY // len(open_)))

    assert time.monotonic() - start < 10


def test_markdown_says_tasks_callouts_and_languages() -> None:
    body = text.from_markdown(
        "- [x] Told\n- [ ] Done\n\n> [!WARNING]\n> Mind **this**.\n\n```python\nx = 1\n```\n\n- [x] no\n- task"
    )

    assert body == (
        '<ul data-kind="tasks"><li data-done="true">Told</li><li data-done="false">Done</li></ul>'
        '<aside data-kind="warning"><p>Mind <strong>this</strong>.</p></aside>'
        '<pre><code class="language-python">x = 1</code></pre><ul><li>[x] no</li><li>task</li></ul>'
    )


def test_tasks_callouts_and_languages_come_back_as_markdown() -> None:
    source = "- [x] Told\n- [ ] Done\n\n> [!TIP]\n> Mind **this**.\n\n```python\nx = 1\n```"
    back = text.to_markdown(text.from_markdown(source))

    assert back is not None
    assert "- [x] Told" in back
    assert "[!TIP]" in back
    assert "```python" in back


def test_plain_text_draws_what_it_can() -> None:
    plain = text.to_plain(EVERYTHING)

    for told in (
        "[x] Tell the drivers\n\n[ ] Change the form",
        "- Open\n\n  - Porto\n\n  - Manila",
        "3. Third\n\n4. Fourth\n\n1. First",
        "> Enjoy the evening.\n\n| A note.\n\n| Mind the gap.\n|\n| - It is wide",
        "    def f(x):\n        return x < 2\n\n    plain\n\n---",
        "Team | From then on\nOperations | Nothing without a code",
        "[A gate & a truck]\nThe gate",
    ):
        assert told in plain


def test_words_are_counted_without_markers_and_addresses() -> None:
    body = '<ol><li>One</li><li>Two</li></ol><p><a href="https://x.test">three</a> – four</p>'

    assert text.count_words(body) == 4


def test_a_letter_shows_boxes_as_text_and_pictures_by_their_descriptions() -> None:
    letter = text.to_letter(EVERYTHING)

    assert "<li>☑ Tell the drivers</li><li>☐ Change the form</li>" in letter
    assert '<div class="callout warning"><p>Mind the gap.</p>' in letter
    assert "<p><em>A gate &amp; a truck</em></p><p>The <em>gate</em></p>" in letter
    assert "<img" not in letter
