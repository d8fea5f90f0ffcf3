"""The OpenAPI document: what drf-spectacular cannot see by itself."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from announcements.api import auth, problems

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200},
    OpenApiParameter.HEADER,
    description="Makes the request safe to repeat for 24 hours: the first answer is replayed, marked `Idempotent-Replay: true`.",
)
ID = {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}


class FieldProblem(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457). `code` is stable for machines; `detail` and the messages are for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    errors = FieldProblem(many=True)  # type: ignore[assignment]  # a field, not the serializer's own errors


class Schema(AutoSchema):
    """Adds to each operation: its scope, the idempotency key of writes, and the problems it may answer with."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with the scope that a token needs."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path" and "pattern" in parameter["schema"]:
                parameter["schema"] = ID
        if self._public():
            return operation
        scope = auth.needed_scope(self.view, self.method)
        said = f"Scope of a token: `{scope}`." if scope else "For sessions only: a token cannot do this."
        operation["description"] = "\n\n".join(filter(None, [operation.get("description", ""), said]))
        return operation

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters that every operation of this kind takes."""
        repeatable = getattr(self.view, "repeatable", True)
        return [KEY] if self._writes() and self.method != "PUT" and repeatable and not self._public() else []

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Return how to prove who calls."""
        return [{}] if self._public() else super().get_auth()

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction=direction)
        problem: ResolvedComponent = self.resolve_serializer(Problem, "response")
        for status, why in self._problems():
            bodies.setdefault(status, {"content": {problems.MEDIA_TYPE: {"schema": problem.ref}}, "description": why})
        return bodies

    def _problems(self) -> list[tuple[str, str]]:
        found = (
            []
            if self._public()
            else [("401", "Nobody is signed in, or the key is no longer good."), ("403", "Not allowed.")]
        )
        if "{" in self.path:
            found.append(("404", "It does not exist, or not for you."))
        if self._writes():
            found += [("400", "The body is not JSON."), ("409", "It is no longer in the state this needs.")]
        found += [
            ("422", "Something sent cannot be used; `errors` says what."),
            ("429", "Too many requests; see Retry-After."),
        ]
        return [*found, ("default", "Any other problem.")]

    def _writes(self) -> bool:
        return self.method in {"POST", "PUT", "PATCH", "DELETE"}

    def _public(self) -> bool:
        return bool(getattr(self.view, "public", False))


def without_marks(result: Any, **_generator: object) -> Any:
    """Return the document without drf-spectacular's own marks on choices."""
    if isinstance(result, dict):
        return {key: without_marks(value) for key, value in result.items() if key != "x-spec-enum-id"}
    return [without_marks(value) for value in result] if isinstance(result, list) else result


class _Strict(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # drf-spectacular is half typed
    target_class = "announcements.api.shapes.Given"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """Return the schema, closed: fields it does not name are refused."""
        mapped: dict[str, Any] = auto_schema._map_serializer(  # type: ignore[no-untyped-call]  # half typed
            self.target, direction, bypass_extensions=True
        )
        return mapped | {"additionalProperties": False}


class _Token(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular is half typed
    target_class = "announcements.api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Return how a token is sent."""
        return {"type": "http", "scheme": "bearer", "description": "A personal token: `mtl_…`."}


class _Session(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular is half typed
    target_class = "announcements.api.auth.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Return how a session is sent. Writes carry the header X-CSRFToken too."""
        return {"type": "apiKey", "in": "cookie", "name": "session", "description": "Writes carry X-CSRFToken too."}
