"""How large the headings of an announcement are in its mail."""

from __future__ import annotations

import re

import mrml
from django.template.loader import render_to_string


def test_headings_of_the_text_are_smaller_than_the_title() -> None:
    head = render_to_string("email/_head.mjml")
    shown = mrml.to_html(f"{head}<mj-body></mj-body></mjml>").content
    sizes = dict(re.findall(r"\.body (h[234]) \{[^}]*font-size: (\d+)px", shown))
    title = re.search(r"\bh1 \{[^}]*font-size: (\d+)px", shown)

    assert title and set(sizes) == {"h2", "h3", "h4"}
    assert max(map(int, sizes.values())) < int(title[1])
