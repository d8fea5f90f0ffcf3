"""What a page with the editor needs: a policy that lets it read HTML, and what a body may hold."""

from __future__ import annotations

import json
from typing import Any

from csp.decorators import csp_replace
from django.utils.decorators import method_decorator

from announcements.api.client import Client
from announcements.web.pages import need

# The editor reads HTML: what is pasted, and what the API made of Markdown. Its two readers have a policy of that name each, and
# put nothing of it into the page.
editing: Any = method_decorator(
    csp_replace({"trusted-types": ["mantel-inert", "ProseMirrorClipboard"]}), name="dispatch"
)


def schema(api: Client) -> str:
    """Return what a body may hold, as the editor reads it."""
    return json.dumps(need(api.get("bodies")))
