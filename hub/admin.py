"""Django's own admin pages: for operators only, by the product's own sign-in with a second factor, and to look only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from announcements.kernel.looking import LookOnly


class Admin(AdminConfig):
    """The app `admin` with our site."""

    default_site = "hub.admin.Operators"


def is_operator(request: HttpRequest) -> bool:
    """Tell whether an operator is signed in: HUB_OPERATORS names their addresses."""
    address = getattr(request.user, "email", "")
    return request.user.is_active and address.casefold() in settings.OPERATORS


class Operators(AdminSite):
    """The site. It has no sign-in of its own, and no page that changes anything."""

    site_header = site_title = _("Mantel, for operators")
    enable_nav_sidebar = False
    index_template = "hub/admin_index.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take pages to look at. Those that libraries bring along could change rows, and show secrets."""
        if admin_class is not None and issubclass(admin_class, LookOnly):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the addresses of rows, with one for the check-up before them."""
        return [path("checkup/", self.admin_view(self.checkup), name="checkup"), *super().get_urls()]

    def checkup(self, request: HttpRequest) -> HttpResponse:
        """Show what the doctor says, looked at now."""
        from hub.operations import checkup  # as below

        found = list(checkup.examine())
        ill = sum(finding.state == "ill" for finding in found)
        context = self.each_context(request) | {"title": _("Check-up"), "found": found, "ill": ill}
        return TemplateResponse(request, "hub/checkup.html", context)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let operators in whose session has proved a second factor."""
        from announcements.api import second_factor  # its tables are not there yet when apps are found

        return is_operator(request) and second_factor.proven(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Show a page to an operator; nobody else learns that it is there."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            from announcements.api import second_factor  # as above

            if request.user.is_authenticated and not is_operator(request):
                raise Http404
            if request.user.is_authenticated and not self.has_permission(request):
                has_one = second_factor.has(request.user.pk)
                return second_factor.lead(request, "proof" if has_one else "factor")
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the product's own sign-in, and nowhere after it but here."""
        return redirect(f"{settings.BASE_URL}/accounts/login/?next=/admin/")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the product's own sign-out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the product's own change of a password."""
        return redirect("account_change_password")
