"""Static files with a content hash in every name, inside ES modules too, so that they may be cached for ever."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(StaticFilesConfig):
    """Django's static files, without what our dependencies bring along and nobody asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "redoc",
        "rest_framework",
        "swagger-ui-es-*",
        "material-icons*",
        "configurable.js",
        "default.js",
    ]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is untyped
    """WhiteNoise's storage, rewriting `url()` and `@import` in styles and the imports of our ES modules.

    Source maps are left out, so what refers to them is left as it is. A file nobody built yet is served by its plain name.
    """

    _css, _js = CompressedManifestStaticFilesStorage.patterns
    patterns = ((_css[0], _css[1][:2]),)
    support_js_module_import_aggregation = True
    manifest_strict = False
