"""Static files with a content hash in every name, inside ES modules too, so that they may be cached for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from announcements.management.extension.bundling import bundled

# What the first picture of the tab waits for. In the source these name others, which a browser follows; built, each is one file.
SCRIPT, STYLE = "js/tab-page.js", "css/tab-page.css"
_NAMED = re.compile(r'^@import url\("([^"]+)"\);$', re.MULTILINE)


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

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Build what is one file first, then hash and compress everything."""
        whole = InMemoryStorage()
        whole.save(SCRIPT, ContentFile(bundled((SCRIPT,), _source) + f'mantel("{SCRIPT}");\n'))
        whole.save(STYLE, ContentFile(_NAMED.sub(lambda found: _source(f"css/{found[1]}"), _source(STYLE))))
        paths = paths | {name: (whole, name) for name in (SCRIPT, STYLE)}
        yield from super().post_process(paths, dry_run, **options)


def _source(name: str) -> str:
    return Path(str(finders.find(name))).read_text()
