"""What a page of ours may load and run: its own, and nothing else.

No script or style stands in a page, so none has to be let through by nonce or hash; and a nonce would be kept, and so be none, in the copy of
`/tab` that its worker keeps. Nothing of ours but a static file is taken for a script: every answer says its type and `nosniff`.
"""

from __future__ import annotations

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    },
}
