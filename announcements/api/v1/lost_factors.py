"""A colleague's lost second factor. Only a session may take it away, and only one whose sign-in is fresh."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import lost_factor
from announcements.api.v1.second_factors import FreshSession
from announcements.people import services as people


class LostFactors(FreshSession):
    """The second factors of a colleague."""

    @extend_schema(
        operation_id="people_take_second_factor",
        summary="Take a lost second factor away",
        tags=["people"],
        responses={204: None},
    )
    def delete(self, request: Request, person_id: int) -> Response:
        """Remove a colleague's app, passkeys and recovery codes, end all their keys, and tell them by mail; for admins, an owner's for owners."""
        people.find(by=self.by, person_id=person_id)
        self.need_fresh()
        lost_factor.take_away(by=self.by, person_id=person_id, now=self.now)
        return Response(status=204)
