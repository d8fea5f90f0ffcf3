"""The same callers as the API's own tests."""

from __future__ import annotations

from tests.api.conftest import api, draft, holding, key, nobody, published  # noqa: F401  fixtures
