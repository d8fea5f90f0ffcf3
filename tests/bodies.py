"""Bodies for tests: one that holds everything, and as many others as one wants."""

from __future__ import annotations

import random

from announcements.kernel import bodies, text

IMAGE = "0a" * 16

EVERYTHING = (
    "<h2>What changes on 1 December</h2><p>From <strong>1 December</strong> we close at <em>three</em>, <u>not</u> <s>four</s>. "
    "<mark>Mind</mark> H<sub>2</sub>O, m<sup>2</sup> and <code>make run</code>.<br>A second line, "
    '<a href="https://northwind.example/hours?a=1&amp;b=2" title="Hours" rel="noopener noreferrer">with <strong>a link</strong></a>.</p>'
    "<h3>Docks</h3><ul><li>Open<ul><li>Porto</li><li>Manila</li></ul></li><li><p>Two</p><p>paragraphs</p></li></ul>"
    '<h4>Order</h4><ol start="3"><li>Third</li><li>Fourth</li></ol><ol><li>First</li></ol>'
    '<ul data-kind="tasks"><li data-done="true">Tell the drivers</li><li data-done="false">Change the form</li></ul>'
    "<blockquote><p>Enjoy the <em>evening</em>.</p></blockquote><aside><p>A note.</p></aside>"
    '<aside data-kind="warning"><p>Mind the gap.</p><ul><li>It is wide</li></ul></aside>'
    '<pre><code class="language-python">def f(x):\n    return x &lt; 2</code></pre><pre><code>plain</code></pre><hr>'
    '<table><thead><tr><th>Team</th><th>From then on</th></tr></thead><tbody><tr><td>Operations</td><td>Nothing without a <strong>code</strong></td>'
    '</tr><tr><td colspan="2"><ul><li>Both</li></ul></td></tr></tbody></table>'
    '<table><tbody><tr><th scope="row">Docks</th><td rowspan="2">Open</td></tr><tr><td>Gates</td></tr></tbody></table>'
    f'<figure><img src="/api/v1/images/{IMAGE}/file" alt="A gate &amp; a truck" width="640" height="480"><figcaption>The <em>gate</em></figcaption></figure>'
    f'<figure><img src="/api/v1/images/{IMAGE}/file" alt=""></figure>'
    "<p>The end&nbsp;of it.</p>"
)  # fmt: skip

WORDS = ["Docks", "open at", "three", "  ", "a < b", "&", "é", "\u00a0", "\u4e2d", "<br>", '"so"', "\n"]


def anybody(seed: int) -> str:
    """Return some body in its stored form, made of whatever the schema has, in any order."""
    return text.sanitize("".join(_part(random.Random(seed * 1000 + at), 3) for at in range(6)))


def _part(dice: random.Random, depth: int) -> str:
    if depth == 0 or dice.random() < 0.3:
        return dice.choice(WORDS)
    tag = dice.choice(sorted(bodies.VALUES))
    if tag in ("br", "hr"):
        return f"<{tag}>"
    return (
        f"<{tag}{_attributes(tag, dice)}>{''.join(_part(dice, depth - 1) for _ in range(dice.randint(1, 3)))}</{tag}>"
    )


def _attributes(tag: str, dice: random.Random) -> str:
    values = {
        "href": "https://northwind.example/", "title": "T", "start": "4", "data-kind": "info" if tag == "aside" else "tasks",
        "data-done": "true", "class": "language-sh", "src": f"/api/v1/images/{IMAGE}/file", "alt": "A gate", "width": "64",
        "height": "48", "colspan": "2", "rowspan": "2", "scope": "row",
    }  # fmt: skip
    return "".join(f' {name}="{values[name]}"' for name in bodies.VALUES[tag] if dice.random() < 0.5)
