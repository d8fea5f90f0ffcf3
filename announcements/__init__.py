"""Mantel, the product.

Read top-down; each package calls only those below it, through their `services`:

    web         pages for people, rendered from the API's own answers
    api         the public REST API, v1
    audit       who did what            the trail of a workspace
    analytics   did it land?            reach, readership, who is missing
    delivery    how it reaches you      deliveries, receipts, nudges, digests
    porting     taking it along         exports of announcements
    publishing  what is said            announcements, versions, audience
    joining     how people come in      invitations, claim links, requests to join
    roster      people as a file        imports, checked and taken back; the export
    people      who                     workspaces, persons, groups
    kernel      words all share         errors, queueing, text, working time

News travels upwards as events: see each capability's `events`.
"""

from __future__ import annotations

VERSION = "0.1.0"
