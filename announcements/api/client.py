"""The in-process client of our own pages: what /api/v1 would answer to this person, JSON for JSON. All that `web` may import."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from announcements.api import files, problems

__all__ = ["Answer", "Client", "files"]  # with files: pages call theirs as the API does

PREFIX = "/api/v1/"
_PASSED_ON = (
    "REMOTE_ADDR",
    "SERVER_NAME",
    "SERVER_PORT",
    "HTTP_HOST",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_USER_AGENT",
    "HTTP_X_FORWARDED_FOR",
    "wsgi.url_scheme",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said. `data` is its JSON; None when there is none."""

    status: int
    data: Any
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        """Tell whether it did what was asked."""
        return self.status < 400


class Client:
    """Calls the API as the person who is signed in to a page. The page has checked CSRF already."""

    def __init__(self, request: HttpRequest) -> None:
        self._page = request

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """Read a resource; `path` is relative to /api/v1/, with or without a query of its own."""
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, data: object = None) -> Answer:
        """Create, or do."""
        return self._call("POST", path, data)

    def upload(self, path: str, name: str, content: bytes | IO[bytes], kind: str = "text/csv") -> Answer:
        """Send a file as the whole body; an open one is read as it goes."""
        url = f"{PREFIX}{path.strip('/')}?{urlencode({'file_name': name})}"
        return self._send(self._request("POST", url, content, kind))

    def patch(self, path: str, data: object) -> Answer:
        """Change."""
        return self._call("PATCH", path, data)

    def put(self, path: str, data: object) -> Answer:
        """Set."""
        return self._call("PUT", path, data)

    def put_file(self, path: str, content: bytes, kind: str) -> Answer:
        """Replace by a file of some media type."""
        return self._send(self._request("PUT", PREFIX + path.strip("/"), content, kind))

    def delete(self, path: str) -> Answer:
        """Remove, or undo."""
        return self._call("DELETE", path)

    def _call(self, method: str, path: str, data: object = None) -> Answer:
        content = b"" if data is None else json.dumps(data).encode()
        return self._send(self._request(method, PREFIX + path.strip("/"), content, "application/json"))

    def _send(self, request: WSGIRequest) -> Answer:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            response = problems.no_such_address(request)
        else:
            request.resolver_match = match
            response = match.func(request, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response = response.render()
        content = response.content
        return Answer(response.status_code, json.loads(content) if content else None, response.headers)

    def _request(self, method: str, url: str, content: bytes | IO[bytes], kind: str) -> WSGIRequest:
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        size = file.seek(0, io.SEEK_END) or file.tell()
        file.seek(0)
        path, _mark, query = url.partition("?")
        environ = {name: self._page.META[name] for name in _PASSED_ON if name in self._page.META}
        environ |= {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(size),
            "HTTP_ACCEPT": "application/json",
            "wsgi.input": file,
        }
        if size or kind != "application/json":
            environ["CONTENT_TYPE"] = kind
        request = WSGIRequest(environ)
        request.user = self._page.user
        request.session = self._page.session
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # Django's own word for it
        return request
