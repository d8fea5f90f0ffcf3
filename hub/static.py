"""Static files with a content hash in every name, inside ES modules too, so that they may be cached for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is untyped
    """WhiteNoise's storage, rewriting the imports of our ES modules; a file nobody built yet is served by its plain name."""

    support_js_module_import_aggregation = True
    manifest_strict = False
