"""Where files are kept: pictures people upload, and the static files of our pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from hub import env

_HASH = re.compile(r"\.([0-9a-f]{12})\.[^./]+$")


def storages(data: Path) -> dict[str, Any]:
    """Return Django's settings for both."""
    return {
        "default": uploads(env.text("HUB_MEDIA_URL"), data / "media"),
        "staticfiles": {"BACKEND": "hub.static.HashedStaticFiles"},
    }


def uploads(url: str, folder: Path) -> dict[str, Any]:
    """Return where uploads are kept: in `folder` when `url` is empty, else s3://key:secret@host/bucket?region=…&tls=0."""
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    parts = urlsplit(url)
    bucket, more = parts.path.strip("/"), dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not bucket or "/" in bucket or set(more) - {"region", "tls"}:
        raise ImproperlyConfigured(
            "HUB_MEDIA_URL must be s3://key:secret@host/bucket?region=… (leave it empty for disk)."
        )
    host = parts.netloc.rpartition("@")[2]
    scheme = "http" if more.get("tls") == "0" else "https"
    options = {
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "bucket_name": bucket,
        "region_name": more.get("region"),
        "endpoint_url": f"{scheme}://{host}" if host else None,
        # We serve every file ourselves, to who may see it: nothing is public, and no address of the bucket is handed out.
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": True,
        "signature_version": "s3v4",
        "addressing_style": "path" if host else "auto",
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def tagged(headers: Any, _path: str, url: str) -> None:
    """Give a static file the hash in its name as its tag: a weak one, for it is the same however the file is compressed, on whichever host."""
    if found := _HASH.search(url):
        headers["ETag"] = f'W/"{found[1]}"'
