"""One sanitizer for all edges: what is left is harmless, and leaving it alone twice is leaving it alone once."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from announcements.kernel import text

HOSTILE = [
    "<script>alert(1)</script>",
    "<p onclick=alert(1)>x</p>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa\tScRiPt:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x>",
    "<style>@import 'http://evil.test'</style>",
    "<p style='background:url(http://evil.test)'>x</p>",
    "<base href='http://evil.test/'>",
    "<meta http-equiv=refresh content='0;url=http://evil.test'>",
    "<link rel=stylesheet href=http://evil.test>",
    "<form action=http://evil.test><input name=password><button>x</button></form>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<p id=content name=body class=hidden data-x=1>x</p>",
    "<<script>script>alert(1)<</script>/script>",
    "<p title=\"</p><script>alert(1)</script>\">x",
    "<a href=https://x.test target=_blank>x</a>",
    "<plaintext><script>alert(1)</script>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<p>half \ud800 a character</p>",
]  # fmt: skip


class Elements(HTMLParser):
    """Collects what a browser would see: (tag, attributes)."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def assert_harmless(body: str) -> None:
    for tag, attributes in Elements(body).seen:
        assert tag in text.ALLOWED, f"<{tag}> in {body!r}"
        assert set(attributes) <= text.ALLOWED[tag] | ({"rel"} if tag == "a" else set()), f"{attributes} in {body!r}"
        for name in ("href", "src"):
            scheme, colon, _rest = (attributes.get(name) or "").partition(":")
            assert not colon or "/" in scheme or scheme.lower() in text.SCHEMES, f"{attributes} in {body!r}"


markup = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE),
        st.sampled_from([f"<{tag}>" for tag in text.ALLOWED] + [f"</{tag}>" for tag in text.ALLOWED]),
        st.sampled_from(["<", ">", "&", "&lt;", "&amp;lt;", "'", '"', "<!--", "-->", "]]>", "<![CDATA["]),
        st.text(max_size=20),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("source", HOSTILE)
def test_what_is_hostile_is_harmless_afterwards(source: str) -> None:
    body = text.sanitize(source)

    assert_harmless(body)
    assert text.sanitize(body) == body


@given(markup)
def test_whatever_goes_in_harmless_comes_out(source: str) -> None:
    assert_harmless(text.sanitize(source))


@given(markup)
@example("<h2>x<div><h2>y")
@example("<p>x<button><p>y")
def test_sanitizing_twice_changes_nothing(source: str) -> None:
    body = text.sanitize(source)

    assert text.sanitize(body) == body


def test_what_an_editor_writes_comes_back_unchanged() -> None:
    body = (
        "<h2>Summer hours</h2><p>From <strong>1 June</strong> we close at <em>three</em> on Fridays.</p>"
        '<ul><li>Docks stay open</li></ul><ol start="3"><li>Third</li></ol><blockquote><p>Enjoy</p></blockquote>'
        '<table><tbody><tr><th scope="row">Docks</th><td colspan="2">Open</td></tr></tbody></table>'
        '<p><a href="https://northwind.test/hours" rel="noopener noreferrer">Details</a></p>'
    )

    assert text.sanitize(body) == body


def test_markdown_becomes_a_body() -> None:
    body = text.from_markdown("# Hours\n\nWe *close* at **three**.\n\n| Day | Till |\n|---|---|\n| Fri | ~~18~~ 15 |")

    assert "<h2>Hours</h2>" in body
    assert "<em>close</em> at <strong>three</strong>" in body
    assert "<s>18</s> 15" in body


def test_html_inside_markdown_is_text() -> None:
    assert text.from_markdown("<script>alert(1)</script> & <b>x</b>") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;x&lt;/b&gt;</p>"
    )


@given(st.text(max_size=200))
def test_markdown_is_always_a_clean_body(source: str) -> None:
    body = text.from_markdown(source)

    assert_harmless(body)
    assert text.sanitize(body) == body


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n\n- b"),
        ("<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"),
        ('<p><a href="https://x.test">Here</a></p>', "Here <https://x.test>"),
        ('<p><a href="https://x.test">https://x.test</a></p>', "https://x.test"),
        ("", ""),
    ],
)
def test_a_body_reads_as_plain_text(body: str, plain: str) -> None:
    assert text.to_plain(body) == plain


@given(markup)
def test_plain_text_of_any_body_can_be_had(source: str) -> None:
    assert "\n\n\n" not in text.to_plain(text.sanitize(source))


@pytest.mark.parametrize(
    ("given_", "line"),
    [
        ("  Summer \n\t hours  ", "Summer hours"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("e\u200e\u0301", "\u00e9"),
        ("a\u2028b\u0085c", "a b c"),
        ("\ud83d", ""),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
    ],
)
def test_a_line_is_tidied(given_: str, line: str) -> None:
    assert text.one_line(given_) == line


@given(st.text())
def test_a_tidy_line_is_one_line_and_stays_so(source: str) -> None:
    line = text.one_line(source)

    assert text.one_line(line) == line
    assert len(line.splitlines()) <= 1
    assert line == line.strip() == unicodedata.normalize("NFC", line)


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (220, 1), (225, 2), (2200, 10)])
def test_reading_time_is_at_least_a_minute_and_rounded_up(words: int, minutes: int) -> None:
    assert text.reading_minutes("<p>" + "word " * words + "</p>") == minutes


@pytest.mark.parametrize(
    "source",
    [
        "Plain, with *stress*, **strength**, `code` and ~~what is gone~~.",
        "## A heading\n\n- one\n  - two\n- three\n\n1. first\n2. second",
        "| Team | From then on |\n|---|---|\n| Operations | nothing without a code |",
        "> said\n\n---\n\n[a link](https://northwind.example/?a=1&b=2) and 5*3*2, a_b_c, <b>, # no heading",
    ],
)
def test_markdown_comes_back_as_what_makes_the_same_body(source: str) -> None:
    body = text.from_markdown(source)

    back = text.to_markdown(body)

    assert back is not None
    assert text.from_markdown(back).split() == body.split()


@pytest.mark.parametrize(
    "body",
    [
        "<p><mark>bright</mark></p>",
        "<aside><p>Mind this.</p></aside>",
        '<table><tbody><tr><td colspan="2">wide</td></tr></tbody></table>',
    ],
)
def test_what_markdown_cannot_say_is_not_turned_into_it(body: str) -> None:
    assert text.to_markdown(text.sanitize(body)) is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/p.gif",
        "//evil.test/p.gif",
        "/\\\\evil.test/p.gif",
        "http:evil.test",
        "p.gif",
        "/evil.gif",
        "/api/v1/evil",
    ],
)
def test_an_image_from_elsewhere_is_not_loaded(elsewhere: str) -> None:
    assert text.sanitize(f'<p>Hi</p><img src="{elsewhere}" alt="a > b" width="3">') == "<p>Hi</p>"


def test_an_image_of_our_own_stays() -> None:
    body = f'<figure><img src="{text.image_address("0a" * 16)}" alt="a &gt; b" width="30"></figure>'

    assert text.sanitize(body) == body
    assert text.image_keys(body) == {"0a" * 16}
