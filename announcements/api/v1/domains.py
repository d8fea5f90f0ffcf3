"""Claimed domains: whose addresses may sign up by themselves."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import accounts
from announcements.api.shapes import Given, Text, given
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class DomainOut(serializers.Serializer[Any]):
    """An email domain of my workspace."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class DomainsOut(serializers.Serializer[Any]):
    """My workspace's domains, by name."""

    results = DomainOut(many=True)


class DomainGiven(Given):
    """The domain to claim."""

    name = Text(max_length=253)


class Domains(Resource):
    """The domains of my workspace."""

    scopes = {"GET": "people:read"}

    @extend_schema(operation_id="domains_list", summary="Claimed domains", tags=["joining"], responses=DomainsOut)
    def get(self, request: Request) -> Response:
        """Answer the domains; for admins."""
        return Response(DomainsOut({"results": people.domains(by=self.by)}).data)

    @extend_schema(
        operation_id="domains_claim",
        summary="Claim a domain",
        tags=["joining"],
        request=DomainGiven,
        responses={201: DomainOut},
    )
    def post(self, request: Request) -> Response:
        """Claim a domain of which you have a verified address; never a public mail provider's. For admins."""
        name = given(DomainGiven, request)["name"]
        verified = accounts.verified_addresses(self.by)
        return Response(
            DomainOut(people.claim(by=self.by, name=name, verified=verified, now=self.now)).data, status=201
        )


class Domain(Resource):
    """A domain."""

    @extend_schema(operation_id="domains_release", summary="Release a domain", tags=["joining"], responses={204: None})
    def delete(self, request: Request, domain_id: int) -> Response:
        """Give a domain back: nobody signs up by it any more."""
        people.release(by=self.by, domain_id=domain_id, now=self.now)
        return Response(status=204)
