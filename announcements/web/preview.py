"""A mail before it goes out, and where the buttons of such a mail lead."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from announcements.web.pages import Page, need

# A mail as a mail program shows it: no scripts, nothing from elsewhere, in a frame of our own page or alone. Its own origin
# stays, for the pictures in it are shown to who may see them.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src 'self' data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    )
)

# Links open beside it: in the frame they would lead away from the preview. And no browser looks for an icon.
HEAD = '<head><base target="_blank"><link rel="icon" href="data:,">'


class Mail(Page):
    """The mail that somebody would get, as a document of its own."""

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show its HTML; with `?person=` as they would get it."""
        whose = {"person": request.GET["person"]} if request.GET.get("person") else {}
        found = need(self.api.get(f"announcements/{announcement_id}/preview", {"channel": "mail"} | whose))
        html = found["mail"]["html"].replace("<head>", HEAD, 1)
        return HttpResponse(html, headers={"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"})


class TestMail(Page):
    """Where the buttons of tests and previews lead."""

    public = True
    template = "web/test_mail.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say that nothing was confirmed."""
        return self.show()
