"""More ask than can be answered: who waited too long is asked to come again, the others are answered."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.templatetags.static import static
from django.test import Client

from announcements.people import services as people
from hub import env

pytestmark = pytest.mark.django_db
PAGE = {"accept": "text/html"}


@pytest.fixture
def behind_a_proxy(settings: Any) -> Client:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    settings.WAIT_SECONDS = 5
    return Client()


def since(seconds: float, form: str = "t={:.3f}") -> str:
    return form.format(time.time() - seconds)


@pytest.mark.parametrize("path", ["/api/v1/people", "/api/v1/hub"])
def test_a_machine_that_waited_too_long_is_told_when_to_come_again(behind_a_proxy: Client, path: str) -> None:
    answer = behind_a_proxy.get(path, headers={"x-request-start": since(20)})

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "busy"
    assert int(answer["Retry-After"]) >= 5
    assert answer["Cache-Control"] == "no-store"


def test_what_a_tab_sends_by_itself_makes_room_sooner_than_what_somebody_waits_for(behind_a_proxy: Client) -> None:
    waited = {"x-request-start": since(0.6)}

    assert behind_a_proxy.post("/api/v1/receipts", headers=waited).status_code == 503
    assert behind_a_proxy.get("/api/v1/hub", headers=waited).status_code == 200


def test_a_tab_is_told_to_come_much_later_than_whoever_waits_before_a_page(behind_a_proxy: Client) -> None:
    answer = behind_a_proxy.post("/api/v1/receipts", headers={"x-request-start": since(0.6)})

    assert 20 <= int(answer["Retry-After"]) <= 80


@pytest.fixture
def feeds(behind_a_proxy: Client, maya: people.Person) -> list[tuple[Client, dict[str, str]]]:
    """Return Maya's browser, whose session the cache remembers, and a client with a feed key of hers."""
    behind_a_proxy.force_login(get_user_model().objects.get(pk=maya.id))
    key = behind_a_proxy.post("/api/v1/feed-keys", {}, "application/json").json()["key"]
    behind_a_proxy.get("/api/v1/me")
    return [(behind_a_proxy, {}), (Client(), {"authorization": f"Bearer {key}"})]


@pytest.mark.django_db(transaction=True)
def test_a_feed_that_is_kept_is_answered_however_late_and_one_that_must_be_made_is_not(
    feeds: list[tuple[Client, dict[str, str]]], django_assert_num_queries: Any
) -> None:
    late = {"x-request-start": since(20)}
    with django_assert_num_queries(0):
        made = [client.get("/api/v1/feed", headers=said | late) for client, said in feeds]
    etags = [client.get("/api/v1/feed", headers=said)["ETag"] for client, said in feeds]
    with django_assert_num_queries(0):
        whole = [client.get("/api/v1/feed", headers=said | late) for client, said in feeds]
        had = [
            client.get("/api/v1/feed", headers=said | late | {"if-none-match": etag})
            for (client, said), etag in zip(feeds, etags, strict=True)
        ]

    assert [answer.status_code for answer in (*made, *whole, *had)] == [503, 503, 200, 200, 304, 304]
    assert all(answer.json()["code"] == "busy" and 20 <= int(answer["Retry-After"]) <= 80 for answer in made)


@pytest.mark.django_db(transaction=True)
def test_who_would_have_to_be_looked_up_first_is_refused_a_late_feed_without_that(
    behind_a_proxy: Client, maya: people.Person, django_assert_num_queries: Any
) -> None:
    behind_a_proxy.force_login(get_user_model().objects.get(pk=maya.id))

    with django_assert_num_queries(0):
        answer = behind_a_proxy.get("/api/v1/feed", headers={"x-request-start": since(20)})

    assert answer.status_code == 503


@pytest.mark.parametrize("path", ["/api/v1/feed", "/api/v1/receipts"])
def test_what_a_tab_asks_for_by_itself_is_not_refused_for_a_moment_in_line(behind_a_proxy: Client, path: str) -> None:
    assert behind_a_proxy.get(path, headers={"x-request-start": since(0.1)}).status_code != 503


def test_many_refusals_are_one_line_in_the_log(behind_a_proxy: Client, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(20):
        behind_a_proxy.get("/api/v1/hub", headers={"x-request-start": since(20)})

    assert len([one for one in caplog.records if "refused" in one.message]) == 1


def test_a_person_reads_a_calm_page_that_is_guarded_like_any(behind_a_proxy: Client) -> None:
    answer = behind_a_proxy.get("/", headers=PAGE | {"x-request-start": since(20)})

    assert answer.status_code == 503
    assert "Try again" in answer.content.decode()
    assert int(answer["Retry-After"]) >= 5
    assert "default-src" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_looks_of_that_page_are_not_refused(behind_a_proxy: Client) -> None:
    address = static("css/app.css")

    answer = behind_a_proxy.get(address, headers={"accept": "text/css", "x-request-start": since(20)})

    answer.close()
    assert answer.status_code != 503


def test_whoever_sent_words_is_told_that_they_are_still_there(behind_a_proxy: Client) -> None:
    answer = behind_a_proxy.post("/accounts/login/", headers=PAGE | {"x-request-start": since(20)})

    assert answer.status_code == 503
    assert "Go back" in answer.content.decode()


@pytest.mark.parametrize("said", ["", "t=", "soon", 1, 3600, -30])
def test_what_has_not_waited_or_does_not_say_so_soundly_is_answered(behind_a_proxy: Client, said: str | int) -> None:
    header = said if isinstance(said, str) else since(said)

    assert behind_a_proxy.get("/api/v1/hub", headers={"x-request-start": header}).status_code == 200


def test_milliseconds_are_read_too(behind_a_proxy: Client) -> None:
    said = str(int((time.time() - 20) * 1000))

    assert behind_a_proxy.get("/api/v1/hub", headers={"x-request-start": said}).status_code == 503


def test_without_a_proxy_nobody_is_believed(client: Client) -> None:
    assert client.get("/api/v1/hub", headers={"x-request-start": since(20)}).status_code == 200


def test_probes_are_answered_whatever_they_waited(behind_a_proxy: Client) -> None:
    assert behind_a_proxy.get("/live", headers={"x-request-start": since(20)}).status_code == 200


# -- on the real server, behind the proxy that we hand out ------------------------------------------------------------
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_it_listens(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Run the web server with one thread behind nginx; return nginx's port and the id of the process that answers."""
    port, front = free(), free()
    told = os.environ | {
        "HUB_DATA": str(tmp_path / "data"), "HUB_PROXIES": "1", "HUB_WAIT_SECONDS": "1", "HUB_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "hub.settings",
    }  # fmt: skip
    (tmp_path / "data").mkdir()
    subprocess.run(
        [sys.executable, "manage.py", "prepare"], cwd=env.ROOT, env=told, check=True, stdout=subprocess.DEVNULL
    )
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port)]
    granian += ["--workers", "1", "--blocking-threads", "1", "--log-level", "error", "hub.wsgi:application"]
    web = subprocess.Popen(granian, cwd=env.ROOT, env=told, stderr=subprocess.DEVNULL)
    ours = (env.ROOT / "deploy/proxy/nginx.conf").read_text()
    location = ours[ours.index("    proxy_http_version") : ours.rindex("}")]
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ access_log off; {folders}"
        f" upstream mantel {{ server 127.0.0.1:{port}; }} server {{ listen 127.0.0.1:{front}; {location} }} }}"
    )
    until_it_listens(port)
    nginx = subprocess.Popen([str(NGINX), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")])
    until_it_listens(front)
    yield front, int(Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()[0])
    for process in (nginx, web):
        process.terminate()
        process.wait(20)


def ask(port: int, answers: list[tuple[int, str | None]] | None = None) -> int:
    """Ask, and return the status; note it with when to come again."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/api/v1/hub", headers={"Host": "localhost", "Accept": "application/json"})
        answer = connection.getresponse()
        answer.read()
    if answers is not None:
        answers.append((answer.status, answer.headers["Retry-After"]))
    return answer.status


@pytest.mark.services
@pytest.mark.skipif(not NGINX or sys.platform != "linux", reason="no nginx; `bin/services nginx` says why")
def test_who_stood_in_line_at_a_server_that_stood_still_is_refused_and_the_next_is_answered(
    server: tuple[int, int],
) -> None:
    port, process = server
    assert ask(port) == 200
    answers: list[tuple[int, str | None]] = []
    line = [threading.Thread(target=ask, args=(port, answers)) for _ in range(20)]

    os.kill(process, signal.SIGSTOP)
    for one in line:
        one.start()
    time.sleep(3)
    os.kill(process, signal.SIGCONT)
    for one in line:
        one.join(60)

    assert [status for status, _later in answers] == [503] * 20
    assert all(int(later or 0) >= 5 for _status, later in answers)
    assert ask(port) == 200
