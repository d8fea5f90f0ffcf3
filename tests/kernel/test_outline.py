"""What a body refers to."""

from __future__ import annotations

from announcements.kernel import outline


def test_links_to_elsewhere_are_found_once_and_in_order() -> None:
    body = (
        '<p><a href="https://b.test/x?a=1&amp;b=2">b</a> <a href="HTTP://a.test">a</a> <a href="https://b.test/x?a=1&amp;b=2">b</a>'
        '<a href="mailto:a@b.test">m</a> <a href="/a/1">1</a> <a href="http://hub.test/a/2">2</a> <a href="http://hub.test.evil.test/">3</a></p>'
    )

    assert outline.links(body) == ["https://b.test/x?a=1&b=2", "HTTP://a.test", "http://hub.test.evil.test/"]


def test_images_have_a_number_a_caption_and_words_instead() -> None:
    body = (
        '<figure><img src="/x" alt=""><figcaption>The <em>new</em> dock</figcaption></figure><p>No caption</p>'
        '<img src="/y" alt=" A gate ">'
    )

    assert outline.images(body) == [outline.Image(1, "The new dock", ""), outline.Image(2, "", "A gate")]
