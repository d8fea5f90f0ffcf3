"""What is in deploy/ says the same as the handbook, and as the product."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from announcements import VERSION
from hub import env

HANDBOOK = (env.ROOT / "docs/operations.md").read_text()
KNOWN = set(re.findall(r"^\| `(HUB_\w+)` \|", HANDBOOK, re.MULTILINE))
MANIFESTS = sorted((env.ROOT / "deploy/kubernetes").glob("*.yaml"))
# Only our own proxy examples know these.
OF_THE_PROXY = {"HUB_HOST", "HUB_UPSTREAM", "HUB_STATIC", "HUB_DATA"}


def files() -> list[Path]:
    found = [path for path in (env.ROOT / "deploy").rglob("*") if path.is_file()]
    return [*found, env.ROOT / "compose.yaml"]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_variable_stands_in_the_handbook(path: Path) -> None:
    used = set(re.findall(r"HUB_[A-Z_]+", path.read_text()))

    assert used - KNOWN - OF_THE_PROXY == set()


def test_compose_runs_every_process_of_the_handbook() -> None:
    compose = yaml.safe_load((env.ROOT / "compose.yaml").read_text())
    ours = {name for name, service in compose["services"].items() if service["image"] == "mantel"}

    assert ours == {"web", "worker", "mail", "beat", "prepare"}
    for name in ours:
        service = compose["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert {*service["volumes"][0].split(":")} <= {"data", "/data"}


def queues_of(command: list[str]) -> set[str]:
    return set(command[command.index("--queues") + 1].split(",")) if "--queues" in command else set()


def test_workers_listen_to_queues_that_exist() -> None:
    queues = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    compose = yaml.safe_load((env.ROOT / "compose.yaml").read_text())
    commands = [
        service["command"] for service in compose["services"].values() if "celery" in service.get("command", "")
    ]
    commands += [container["command"] for container in containers() if container["command"][0] == "celery"]
    commands += [
        unit.read_text().partition("ExecStart=")[2].partition("\n")[0].split()
        for unit in (env.ROOT / "deploy/systemd").glob("*.service")
    ]

    assert {name for command in commands for name in queues_of(command)} == {"mail"}
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} < queues


def test_workers_of_one_machine_have_names_of_their_own() -> None:
    started = "".join(unit.read_text() for unit in (env.ROOT / "deploy/systemd").glob("*.service"))

    names = re.findall(r" worker .*--hostname (\S+)", started)
    assert len(names) == len(set(names)) == started.count("hub.celery worker")


def containers() -> list[dict[str, Any]]:
    documents = [one for path in MANIFESTS for one in yaml.safe_load_all(path.read_text())]
    return [
        container
        for one in documents
        if one["kind"] in {"Deployment", "Job"}
        for container in one["spec"]["template"]["spec"]["containers"]
    ]


def test_no_container_runs_as_root_or_changes_itself() -> None:
    assert len(containers()) == 5
    for container in containers():
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert not container["securityContext"]["allowPrivilegeEscalation"]


def test_the_image_takes_every_folder_the_product_is_made_of() -> None:
    copied = set(re.findall(r"^COPY (\S+) \S+$", (env.ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE))
    let_in = set(re.findall(r"^!(\S+)$", (env.ROOT / ".dockerignore").read_text(), re.MULTILINE))

    assert {"manage.py", "hub", "announcements", "templates", "static", "extension"} <= copied
    assert copied == let_in


def test_proxies_take_in_what_anybody_may_send_before_a_thread_of_ours_waits_for_it() -> None:
    caddy, nginx = ((env.ROOT / "deploy/proxy" / name).read_text() for name in ("Caddyfile", "nginx.conf"))

    (megabytes,) = re.findall(r"request_buffers (\d+)MB", caddy)
    assert int(megabytes) * 1_000_000 >= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert "proxy_request_buffering" not in nginx  # which does so unless it is told not to


def test_a_command_on_one_machine_reads_the_variables_as_the_units_do(tmp_path: Path) -> None:
    given = tmp_path / "mantel.env"
    given.write_text(
        '# HUB_PORT=1\nHUB_HOSTS=a.test,b.test\nHUB_MAIL_FROM="Mantel, hub@a.test"\nHUB_ANYMAIL=\'{"A": "$b"}\'\n'
        'HUB_MEDIA_URL=s3://a:b@/c?region=d&tls=0\nHUB_WEBHOOK_KEY="\nHUB_SMTP_URL=smtp://last.test'
    )
    script = (env.ROOT / "deploy/systemd/mantel").read_text().replace("/etc/mantel.env", str(given))
    reading, ran, _rest = script.partition("export HUB_DATA=")
    assert ran

    done = subprocess.run(["sh", "-c", reading + "env"], capture_output=True, text=True, check=True, env={})

    read = dict(line.partition("=")[::2] for line in done.stdout.splitlines() if line.startswith("HUB_"))
    assert read == {
        "HUB_HOSTS": "a.test,b.test",
        "HUB_MAIL_FROM": "Mantel, hub@a.test",
        "HUB_ANYMAIL": '{"A": "$b"}',
        "HUB_MEDIA_URL": "s3://a:b@/c?region=d&tls=0",
        "HUB_WEBHOOK_KEY": '"',
        "HUB_SMTP_URL": "smtp://last.test",
    }


def test_no_line_for_cron_ends_at_a_percent_sign() -> None:
    lines = re.findall(r"^(?:[\d*/,-]+ ){5}(.*)$", HANDBOOK, re.MULTILINE)

    assert lines
    assert not [line for line in lines if re.search(r"(?<!\\)%", line)]


def test_nobody_restores_beside_processes_that_still_end() -> None:
    """`systemctl stop mantel.target` is back before what it stops has ended."""
    assert "systemctl stop mantel.target" not in HANDBOOK
    assert HANDBOOK.count("systemctl stop 'mantel*'") >= 1


def test_the_user_that_processes_run_as_runs_commands_too(tmp_path: Path) -> None:
    script = (env.ROOT / "deploy/systemd/mantel").read_text()
    (tmp_path / "bin").mkdir()
    for name, said in (("id", "echo mantel"), ("runuser", "echo became somebody")):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{said}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").write_text('#!/bin/sh\necho "$HUB_HOSTS" "$@"\n')
    (tmp_path / ".venv/bin/python").chmod(0o755)
    (tmp_path / "mantel.env").write_text("HUB_HOSTS=a.test\n")
    script = script.replace("/etc/mantel.env", str(tmp_path / "mantel.env")).replace("/srv/mantel", str(tmp_path))

    done = subprocess.run(
        ["sh", "-c", script, "mantel", "take_return"],
        capture_output=True, text=True, check=True, env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
    )  # fmt: skip

    assert done.stdout == "a.test manage.py take_return\n"


def test_the_version_is_one() -> None:
    assert tomllib.loads((env.ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
