"""Measure whether time tells who has an account: `python -m bench.enumeration [--tries 200]`.

Asks the real server, with Argon2 and a queue, in turn for an address that is known and for one that is not, at each door; prints
the medians and their ratio. Goal: within 10 % of each other.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from bench.parts import valkey, web

KNOWN, UNKNOWN, PASSWORD = "maya@northwind.test", "nobody@northwind.test", "a calm long password"
DOORS: dict[str, tuple[str, dict[str, str]]] = {
    "password": ("/accounts/login/", {"login": "", "password": "a wrong long password"}),
    "code": ("/accounts/login/code/", {"email": ""}),
    "reset": ("/accounts/password/reset/", {"email": ""}),
    "sign-up": ("/accounts/signup/", {"name": "Nora", "email": "", "password1": PASSWORD}),
}


def seed() -> None:
    from allauth.account.models import EmailAddress

    from announcements.people import services as people

    now = datetime.now(UTC)
    owner = people.NewPerson(email="olga@northwind.test", name="Olga", password=PASSWORD)
    boss = people.found(name="Northwind", owner=owner, now=now)
    people.claim_domain(person_id=boss.id, now=now)
    person = people.invite(by=boss.id, email=KNOWN, name="Maya", now=now)
    people.accept(person_id=person.id, password=PASSWORD, now=now)
    EmailAddress.objects.create(user_id=person.id, email=KNOWN, verified=True, primary=True)


def ask(port: int, path: str, sent: dict[str, str]) -> float:
    """Send a form as somebody new; return the milliseconds until the answer was there."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    page = connection.getresponse()
    cookie = re.search(r"csrf=(\w+)", page.headers["Set-Cookie"] or "")
    page.read()
    assert cookie, "no CSRF cookie"
    body = urlencode(sent | {"csrfmiddlewaretoken": cookie[1]})
    headers = {"Cookie": f"csrf={cookie[1]}", "Content-Type": "application/x-www-form-urlencoded"}
    began = time.perf_counter()
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    response.read()
    spent = (time.perf_counter() - began) * 1000
    assert response.status in {200, 302}, response.status
    connection.close()
    return spent


def measure(port: int, door: str, tries: int) -> tuple[float, float]:
    path, form = DOORS[door]
    field = "login" if "login" in form else "email"
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(-5, tries):
        for known in (True, False) if number % 2 else (False, True):
            # A sign-up of an unknown address makes it known: each takes a new one.
            unknown = UNKNOWN if door != "sign-up" else f"n{number + 5}@northwind.test"
            spent = ask(port, path, form | {field: KNOWN if known else unknown})
            if number >= 0:
                times[known].append(spent)
    return statistics.median(times[True]), statistics.median(times[False])


def run(tries: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seed()
    with web("bench.settings") as server:
        for door in DOORS:
            known, unknown = measure(server.port, door, tries)
            print(f"  {door:9} known {known:6.1f} ms   unknown {unknown:6.1f} ms   ratio {known / unknown:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=200)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mantel-bench-"))
    try:
        with valkey(folder) as (redis_url, _pid):
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "HUB_DATA": str(folder),
                "HUB_REDIS_URL": redis_url,
                "HUB_LOG_LEVEL": "ERROR",
            }
            run(options.tries)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
