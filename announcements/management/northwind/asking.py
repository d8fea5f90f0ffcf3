"""Who is on the way in: two invitations that are out, and somebody who asks to join."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.utils.crypto import get_random_string

from announcements.joining import services as joining
from announcements.management.northwind import cast
from announcements.management.northwind.hiring import Company
from announcements.people import services as people

# Name, title, group, by whom, how many days ago.
INVITED = [
    ("Oluwaseun Adeyemi", "Terminal planner", "Operations", "Ines Carvalho", 2),
    ("Marisol Reyes", "Care specialist", "Customer Care", cast.OWNER, 6),
]
ASKS = "Kaitlyn Meyer"


def ask(company: Company, *, now: datetime) -> None:
    """Invite two people, and let a third one sign up with an address of the company's domain."""
    people.claim_domain(person_id=company.ids[cast.OWNER], now=now)
    for name, title, group, inviter, days in INVITED:
        who = people.Invitee(_email(name), name, title, group_ids=(company.groups[group],))
        joining.invite(by=company.ids[inviter], who=who, now=now - timedelta(days=days))
    new = people.NewPerson(_email(ASKS), ASKS, get_random_string(40), "America/Chicago")
    asked = now - timedelta(hours=20)
    person = people.prove(sign_up_id=people.sign_up(person=new, now=asked).id, now=asked)
    EmailAddress.objects.create(user_id=person.id, email=person.email, verified=True, primary=True)


def _email(name: str) -> str:
    return cast.Member(name, "", "", "").email
