"""MJML as a page that mail programs show: laid out by mrml, styles at their elements, and nothing said twice that helps nobody."""

from __future__ import annotations

import re
from functools import cache

import css_inline
import mrml

# What mrml begins with for programs that read styles. Written at each element by the inliner it was a third of a mail; our own
# styles say what of it our mails need, and Outlook for Windows has the rest to itself.
BASE = re.compile(r'<style type="text/css">\s*#outlook a.*?</style>', re.S)
FOR_OUTLOOK = "<style>table,td{border-collapse:collapse;mso-table-lspace:0;mso-table-rspace:0}td{font-family:'Segoe UI',sans-serif}</style>"
# All our columns are whole: what makes them so on wide screens changes nothing.
WHOLE = re.compile(
    r'<style type="text/css">@media only screen and \(min-width:480px\) \{ \.mj-column-per-100 \{[^{}]*\}\s*\}</style>'
    r'|<style media="[^"]*">\.moz-text-html \.mj-column-per-100 \{[^{}]*\}\s*</style>'
)
WHOLE_CLASS = '<div class="mj-outlook-group-fix mj-column-per-100"'
# Outlook of 2003, and Internet Explorer.
GONE = re.compile(
    r"<!--\[if lte mso 11\]>.*?<!\[endif\]-->"
    r'|<!--\[if !mso\]><!--><meta http-equiv="X-UA-Compatible"[^>]*><!--<!\[endif\]-->'
    r'| xmlns:v="[^"]*"',
    re.S,
)
STYLE = re.compile(r"(?<=<style>).*?(?=</style>)", re.S)


def to_html(source: str) -> str:
    """Return MJML as HTML; styles for all stand at their elements, those in `@media` in its head."""
    head, body = mrml.to_html(source).content.split("<body", 1)
    for helping_nobody in (BASE, WHOLE, GONE):
        head = helping_nobody.sub("", head)
    head = re.sub(r"\n\s*", "", head.replace("</noscript>", f"</noscript>{FOR_OUTLOOK}"))
    # What people wrote has no "<" of its own: nothing of it is taken for these.
    body = body.replace("<!--[if mso | IE]>", "<!--[if mso]>").replace("<![endif]--><!--[if mso]>", "")
    html: str = _inliner().inline(f"{head}<body{body.replace(WHOLE_CLASS, '<div')}")
    return STYLE.sub(_packed, html, count=1)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True, minify_css=True
    )


def _packed(style: re.Match[str]) -> str:
    return re.sub(r"\s*([{};:,])\s*", r"\1", style[0]).strip()
