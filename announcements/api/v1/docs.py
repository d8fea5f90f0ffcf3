"""The OpenAPI document, and a page to browse it."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularJSONAPIView):
    """The OpenAPI document, for anybody."""

    authentication_classes = ()
    permission_classes = ()


# Swagger UI writes markup that DOMPurify has cleaned, as text: Trusted Types would stop it. Scripts and styles stay our own.
@method_decorator(csp_replace({"require-trusted-types-for": None, "trusted-types": None}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """A page to browse the document."""

    authentication_classes = ()
    permission_classes = ()
    url_name = "api-schema"
    template_name = "api/docs.html"
