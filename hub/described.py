"""How the API describes itself: the settings of its OpenAPI document."""

from __future__ import annotations

SPECTACULAR_SETTINGS = {
    "TITLE": "Mantel",
    "DESCRIPTION": "Publish announcements, meet them, know who is aligned. Everything Mantel's own pages do, they do through this API.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Choices stay where they are used: no invented names for them.
    "POSTPROCESSING_HOOKS": ["announcements.api.schema.without_marks"],
}
