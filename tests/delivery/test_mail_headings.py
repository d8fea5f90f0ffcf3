"""How large the headings of an announcement are in its mail."""

from __future__ import annotations

import re

import mrml
from django.template.loader import get_template, render_to_string


def test_headings_of_the_text_are_smaller_than_the_title() -> None:
    head = render_to_string("email/_head.mjml")
    shown = mrml.to_html(f"<mjml>{head}<mj-body></mj-body></mjml>").content
    sizes = dict(re.findall(r"\.body (h[234]) \{[^}]*font-size: (\d+)px", shown))
    source = get_template("email/nudge/body.mjml").template.source  # type: ignore[attr-defined]  # Django's engine
    title = re.search(r'font-size="(\d+)px"[^>]*>\{\{ announcement\.title', source)

    assert title and set(sizes) == {"h2", "h3", "h4"}
    assert max(map(int, sizes.values())) < int(title[1])
