"""Build the browser extension."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from announcements.management.extension import making, packing

BROWSERS: tuple[making.Browser, ...] = ("chrome", "firefox")


class Command(BaseCommand):
    """`manage.py build_extension`: zips for the stores, and with a key the signed file that a hub hands out itself."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, and the key."""
        parser.add_argument("--out", type=Path, default=settings.ROOT / "dist", help="folder for what is built")
        parser.add_argument("--key", type=Path, help="signs for Chromium; made when it is not there. Keep it safe")
        parser.add_argument("--unpacked", action="store_true", help="also as folders, to load and look into")

    def handle(self, *args: Any, out: Path, key: Path | None, unpacked: bool, **options: Any) -> None:
        """Build, and say what was built."""
        if key and key.resolve().is_relative_to(settings.ROOT):
            raise CommandError(
                "The key belongs outside of the source: whoever has it can replace what every browser runs."
            )
        out.mkdir(parents=True, exist_ok=True)
        for browser in BROWSERS:
            for name, override in ((f"mantel-{browser}", True), (f"mantel-{browser}-panel", False)):
                files = making.files(browser, override=override)
                self._write(out / f"{name}.zip", packing.packed(files))
                if unpacked:
                    _unpack(out / name, files)
        if key:
            signing = packing.key_at(key)
            archive = packing.packed(making.files("chrome"))
            said = {"id": packing.extension_id(signing), "version": making.manifest("chrome")["version"]}
            self._write(out / "mantel.crx", packing.signed(archive, signing))
            self._write(out / "mantel.json", json.dumps(said).encode())
            self.stdout.write(f"Its id in policies: {said['id']}\n")

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        self.stdout.write(f"{path} ({len(content) // 1024} KB)\n")


def _unpack(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
