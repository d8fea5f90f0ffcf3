"""Coming in by oneself, as somebody does who gets the mail of their address."""

from __future__ import annotations

from datetime import datetime

from announcements.people import services as people


def signed_up(new: people.NewPerson, now: datetime) -> people.Person:
    """Sign somebody up and have their address proved; return who they are then."""
    return people.prove(sign_up_id=people.sign_up(person=new, now=now).id, now=now)
