"""Building the extension: the same bytes every time, as few rights as it needs, and a signature that the hub hands out."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.management import CommandError, call_command
from django.test import Client
from playwright._impl._driver import compute_driver_executable

from announcements.management.extension import bundling, making, packing

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_the_same_source_makes_the_same_bytes(browser: Any) -> None:
    assert packing.packed(making.files(browser)) == packing.packed(making.files(browser))


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_it_asks_for_as_few_rights_as_it_needs(browser: Any) -> None:
    said = making.manifest(browser)

    assert said["permissions"] == ["storage", "alarms", "search"]
    assert not {"host_permissions", "optional_permissions", "content_scripts", "externally_connectable"} & set(said)
    policy = said["content_security_policy"]["extension_pages"]
    assert "script-src 'self';" in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy


def test_a_build_without_a_tab_of_its_own_stands_beside_the_page() -> None:
    chrome, firefox = (making.manifest(browser, override=False) for browser in ("chrome", "firefox"))

    assert "chrome_url_overrides" not in {**chrome, **firefox}
    assert chrome["side_panel"] == {"default_path": "newtab.html"}
    assert b"openPanelOnActionClick" in making.files("chrome", override=False)["mantel.js"]
    assert b"openPanelOnActionClick" not in making.files("chrome")["mantel.js"]
    assert firefox["sidebar_action"]["default_panel"] == "newtab.html"


def test_every_file_that_is_named_is_inside() -> None:
    files = making.files("chrome")
    page = files["newtab.html"].decode()
    named = set(re.findall(r'(?:src|href)="((?!#|/|https?:)[^"]+)"', page))
    named |= {name for name in re.findall(r"url\(([^)]+)\)", page) if not name.startswith("data:")}
    named |= set(re.findall(r'import "\./([^"]+)"', files["worker.js"].decode()))

    assert named - set(files) == set()


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_the_style_in_the_page_is_the_one_that_its_policy_lets_in(browser: Any) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", making.files(browser)["newtab.html"].decode(), re.DOTALL)
    policy = making.manifest(browser)["content_security_policy"]["extension_pages"]

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in policy


def test_all_script_is_small() -> None:
    assert sum(len(content) for name, content in making.files("chrome").items() if name.endswith(".js")) <= 40 * 1024


def test_a_module_that_one_script_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="late.js: cannot be put into one script: const kept = await"):
        bundling.bundled(("late.js",), lambda name: "const kept = await read();")


def test_what_a_module_does_not_export_is_not_taken_from_it() -> None:
    sources = {"a.js": 'import { less } from "./b.js";', "b.js": "export const more = 1;"}

    with pytest.raises(ValueError, match="a.js: ./b.js has no less"):
        bundling.bundled(("a.js",), sources.__getitem__)


def test_what_is_taken_twice_under_two_names_is_refused() -> None:
    sources = {"a.js": 'import { one, one as other } from "./b.js";', "b.js": "export const one = 1;"}

    with pytest.raises(ValueError, match="a.js: takes something of ./b.js twice"):
        bundling.bundled(("a.js",), sources.__getitem__)


def test_modules_that_import_one_another_start_once(tmp_path: Path) -> None:
    sources = {
        "a.js": 'import { add as plus, seen } from "./in/b.js";\nplus(1);\nimport("./in/c.js").then(({ last }) => console.log(seen.join() + last));',
        "in/b.js": "export const seen = [];\nexport function add(one) {\n  seen.push(one);\n}",
        "in/c.js": 'import { add } from "./b.js";\nadd(2);\nexport const first = 0;\nexport const last = "!";',
    }
    script = tmp_path / "script.js"
    script.write_text(bundling.bundled(("a.js",), sources.__getitem__) + 'mantel("a.js");mantel("a.js")')

    node, _driver = compute_driver_executable()
    assert subprocess.run([node, script], capture_output=True, check=True, text=True).stdout == "1,2!\n"


def test_no_script_reads_text_as_code_or_markup() -> None:
    found = [
        f"{path.name}: {sign}"
        for path in (ROOT / "extension").glob("*.js")
        for sign in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "https://cdn",
        )
        if sign in path.read_text()
    ]
    assert found == []


def test_the_signature_is_of_the_archive_and_names_the_id(key: rsa.RSAPrivateKey) -> None:
    archive = packing.packed({"manifest.json": b"{}"})

    crx = packing.signed(archive, key)

    assert crx[:8] == b"Cr24\x03\x00\x00\x00"
    size = int.from_bytes(crx[8:12], "little")
    header, rest = crx[12 : 12 + size], crx[12 + size :]
    assert rest == archive
    said = header[-18:]
    assert packing.extension_id(key) == "".join(chr(97 + int(digit, 16)) for digit in said[2:].hex())
    signature = header[header.index(b"\x12\x80\x02") + 3 :][:256]
    message = b"CRX3 SignedData\x00" + len(said).to_bytes(4, "little") + said + archive
    key.public_key().verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


def test_a_key_stays_out_of_the_source(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="outside of the source"):
        call_command("build_extension", "--out", str(tmp_path), "--key", str(ROOT / "mantel.pem"))

    assert not (ROOT / "mantel.pem").exists()


def test_the_hub_hands_out_what_was_built(tmp_path: Path, settings: Any, db: None) -> None:
    key = tmp_path / "mantel.pem"
    call_command("build_extension", "--out", str(tmp_path / "dist"), "--key", str(key), stdout=io.StringIO())
    assert key.stat().st_mode & 0o777 == 0o600
    settings.EXTENSION = str(tmp_path / "dist")

    told = ElementTree.fromstring(Client().get("/extension/update.xml").content)
    app = told[0]
    assert app.get("appid") == packing.extension_id(packing.key_at(key))
    assert app[0].get("codebase") == f"{settings.BASE_URL}/extension/mantel.crx"
    crx = b"".join(Client().get("/extension/mantel.crx"))  # type: ignore[arg-type]  # it streams
    archive = zipfile.ZipFile(io.BytesIO(crx))
    assert json.loads(archive.read("manifest.json"))["version"] == app[0].get("version")
    assert Client().get("/extension/mantel.pem").status_code == 404
    assert Client().get("/extension/mantel-chrome.zip").status_code == 404
