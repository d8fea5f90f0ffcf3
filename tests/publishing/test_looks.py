"""What says the same and looks different is told when versions are compared."""

from __future__ import annotations

import pytest

from announcements.publishing._comparing import Part, compare
from announcements.publishing._values import Version
from tests.bodies import EVERYTHING, IMAGE, anybody
from tests.conftest import MONDAY

PICTURE = '<figure><img src="/api/v1/images/{}/file" alt="{}"></figure>'


def version(body: str) -> Version:
    return Version(1, 1, "Dock 4", "Use dock 6.", body, "typo", 1, MONDAY)


def changed(older: str, newer: str) -> list[tuple[str, str]]:
    """Return every part of the body that is not the same in both."""
    found = compare(version(older), version(newer))
    return [(part.mark, part.text.strip()) for line in found.body for part in line if part.mark != "same"]


@pytest.mark.parametrize(
    ("older", "newer", "told"),
    [
        ("<p>Not on Monday.</p>", "<p><strong>Not</strong> on Monday.</p>", "Not"),
        ("<p>Go <s>now</s>.</p>", "<p>Go now.</p>", "now."),
        ("<p>Docks</p>", "<h2>Docks</h2>", "Docks"),
        ("<aside><p>Mind it.</p></aside>", '<aside data-kind="warning"><p>Mind it.</p></aside>', "Mind it."),
        (PICTURE.format(IMAGE, "A gate"), PICTURE.format("0b" * 16, "A gate"), "A gate"),
        (PICTURE.format(IMAGE, ""), PICTURE.format("0b" * 16, ""), "…"),
        (
            "<table><tbody><tr><td>A</td><td>B</td></tr></tbody></table>",
            "<table><thead><tr><th>A</th><th>B</th></tr></thead></table>",
            "A",
        ),
        ("<pre><code>a\n\nb</code></pre>", '<pre><code class="language-sh">a\n\nb</code></pre>', "a"),
    ],
)
def test_the_words_that_look_different_are_told(older: str, newer: str, told: str) -> None:
    parts = changed(older, newer)

    assert {mark for mark, _text in parts} == {"formatted"}
    assert told in parts[0][1]
    assert changed(older, older) == changed(newer, newer) == []


def test_where_a_link_leads_is_told_as_words_are() -> None:
    link = '<p>Look <a href="https://{}.example/" rel="noopener noreferrer">here</a> today.</p>'

    parts = changed(link.format("northwind"), link.format("evil"))

    assert ("removed", "<https://northwind.example/>") in parts
    assert ("added", "<https://evil.example/>") in parts


def test_words_and_looks_that_change_together_are_told_apart() -> None:
    parts = changed("<p>Dock four closes on Monday.</p>", "<p><em>Dock</em> four closes on Tuesday.</p>")

    assert parts == [("formatted", "Dock"), ("removed", "Monday."), ("added", "Tuesday.")]


def test_a_picture_that_came_or_went_is_told_without_a_description_too() -> None:
    assert changed("<p>A</p>", "<p>A</p>" + PICTURE.format(IMAGE, "")) == [("added", "[…]")]
    assert changed("<p>A</p>" + PICTURE.format(IMAGE, "A gate"), "<p>A</p>") == [("removed", "[A gate]")]


@pytest.mark.parametrize("body", [EVERYTHING, *(anybody(seed) for seed in range(30))])
def test_nothing_is_told_of_what_is_the_same_and_no_sign_shows(body: str) -> None:
    found = compare(version(body), version(body))

    assert {part.mark for line in found.body for part in line} <= {"same"}
    assert not any(sign in part.text for line in found.body for part in line for sign in "\ue000\ue001\ue002")
    assert found.title == (Part("same", "Dock 4"),)


def test_private_signs_in_a_text_change_nothing() -> None:
    assert changed("<p>a \ue000b\ue001c</p>", "<p>a <strong>\ue000b\ue001c</strong></p>") == [("formatted", "bc")]
