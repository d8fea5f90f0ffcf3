"""What the documents say is there is there, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CAPABILITIES = ("people", "joining", "media", "publishing", "porting", "delivery", "analytics", "audit")


def test_every_variable_is_documented_and_none_besides() -> None:
    read = {name for file in (ROOT / "hub").rglob("*.py") for name in re.findall(r'"(HUB_[A-Z_]+)"', file.read_text())}
    told = set(re.findall(r"^\| `(HUB_[A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(), re.M))

    assert read == told


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_commands_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    told = set(re.findall(r"(?:^|`|\s)make ([a-z-]+)\b(?=[`\s]|$)", _code(document.read_text()), re.M))

    assert told - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_commands_of_the_product_and_its_measurements_exist(document: Path) -> None:
    code = _code(document.read_text())
    told = set(
        re.findall(r"(?:manage\.py|^mantel|`mantel|root mantel|web python manage\.py) ([a-z][a-z_]+)", code, re.M)
    )
    measured = set(re.findall(r"(?:python -m |`)bench\.(\w+)", code))

    assert told - get_commands().keys() == set()
    assert measured - {file.stem for file in (ROOT / "bench").glob("*.py")} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_variables_that_documents_name_are_in_the_handbook(document: Path) -> None:
    known = set(re.findall(r"^\| `(HUB_[A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(), re.M))

    assert set(re.findall(r"`(HUB_[A-Z_]+)[`=]", document.read_text())) - known - {"HUB_CHROMIUM"} == set()


def _code(text: str) -> str:
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S))


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_each_capability_explains_its_words(capability: str) -> None:
    words = (ROOT / "announcements" / capability / "CONTEXT.md").read_text()

    assert words.count("**") >= 10, "a word in bold begins each entry"
