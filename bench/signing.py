"""Measure what signing in costs: `python -m bench.signing [--tries 100]`.

Signs people in over HTTP as the page does, each with a browser of their own, with the product's password hashing, sessions and
audit trail; beside it the first page that follows, and each door that asks for nothing but an address. Prints milliseconds by the
clock, the server's CPU, and the CPU as a ratio to one bare password hash: what no sign-in with a password can be cheaper than.
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
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from bench.parts import Server, valkey, web

PASSWORD = "a calm long password"
PEOPLE = 50


def seed() -> None:
    from allauth.account.models import EmailAddress

    from announcements.people import services as people

    now = datetime.now(UTC)
    owner = people.NewPerson(email="p0@bench.example", name="Owner", password=PASSWORD)
    boss = people.found(name="Bench", owner=owner, now=now)
    ids = [boss.id]
    for n in range(1, PEOPLE):
        made = people.invite(by=boss.id, email=f"p{n}@bench.example", name=f"Person {n}", now=now)
        ids.append(people.accept(person_id=made.id, password=PASSWORD, now=now).id)
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=pk, email=f"p{n}@bench.example", verified=True, primary=True) for n, pk in enumerate(ids)
    )


class Browser:
    """Somebody's browser: keeps its cookies, and how long the last answer took."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies: dict[str, str] = {}
        self.took = self.used = 0.0

    def ask(self, method: str, path: str, sent: dict[str, str] | None = None) -> int:
        """Ask for something; return the status."""
        body = urlencode(sent | {"csrfmiddlewaretoken": self.cookies["csrf"]}) if sent is not None else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        used, began = self.server.cpu_seconds(), time.perf_counter()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        self.took = (time.perf_counter() - began) * 1000
        self.used = (self.server.cpu_seconds() - used) * 1000
        for cookie in response.headers.get_all("Set-Cookie") or []:
            if found := re.match(r"([^=]+)=([^;]*)", cookie):
                self.cookies[found[1]] = found[2]
        connection.close()
        return response.status


def by_password(browser: Browser, number: int) -> None:
    """Sign in from the page on."""
    form = {"login": f"p{number % PEOPLE}@bench.example", "password": PASSWORD}
    assert browser.ask("GET", "/accounts/login/") == 200
    assert browser.ask("POST", "/accounts/login/", form) == 302


def first_page(browser: Browser, number: int) -> None:
    """Sign in, and look at the new tab."""
    by_password(browser, number)
    assert browser.ask("GET", "/tab") == 200


def code(browser: Browser, number: int) -> None:
    """Ask for a code by mail."""
    assert browser.ask("GET", "/accounts/login/code/") == 200
    assert browser.ask("POST", "/accounts/login/code/", {"email": f"p{number % PEOPLE}@bench.example"}) == 302


DOORS: dict[str, Callable[[Browser, int], None]] = {
    "sign in by password": by_password,
    "the new tab after it": first_page,
    "ask for a code": code,
}


def bare_hash(tries: int) -> float:
    """Return the CPU milliseconds of one check of a password in this process."""
    from django.contrib.auth.hashers import check_password, make_password

    kept, spent = make_password(PASSWORD), []
    for _ in range(max(5, tries // 5)):
        began = time.process_time()
        assert check_password(PASSWORD, kept)
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def run(tries: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seed()
    hashing = bare_hash(tries)
    print(f"  {'one bare password hash':24} CPU {hashing:6.1f} ms")
    with web("bench.settings") as server:
        for name, door in DOORS.items():
            took, used = [], 0.0
            for number in range(-5, tries):
                browser = Browser(server)
                door(browser, number)
                if number >= 0:
                    took.append(browser.took)
                    used += browser.used / tries
            p95 = statistics.quantiles(took, n=20)[-1]
            print(
                f"  {name:24} CPU {used:6.1f} ms   / hash {used / hashing:5.2f}"
                f"   clock p50 {statistics.median(took):6.1f} ms   p95 {p95:6.1f} ms"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=100)
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
