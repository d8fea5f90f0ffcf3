"""The OpenAPI document, and a page to browse it."""

from __future__ import annotations

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView


class Schema(SpectacularJSONAPIView):  # type: ignore[misc]  # drf-spectacular has no types
    """The OpenAPI document, for anybody."""

    authentication_classes = ()
    permission_classes = ()


class Docs(SpectacularSwaggerSplitView):  # type: ignore[misc]  # drf-spectacular has no types
    """A page to browse the document."""

    authentication_classes = ()
    permission_classes = ()
    url_name = "api-schema"
