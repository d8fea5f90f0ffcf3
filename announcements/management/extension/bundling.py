"""Many small modules as one short script: what stands before the first picture is one file, read and understood at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from string import ascii_letters

import minify

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";', re.MULTILINE)
_TAKEN = re.compile(r"(\w+)(?: as (\w+))?")
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)(?:\)\.(\w+))?')
_EXPORT = re.compile(r"^export ((?:async )?(?:const|function|class)) (\w+)", re.MULTILINE)
# `mantel(name)` starts a module. A module runs once, when it is first needed; so a page starts no more than it uses.
_WHOLE = """(() => {
const modules = {MODULES};
const started = {};
const need = (name) => (started[name] ??= modules[name]());
globalThis.mantel = (name) => need(DOORS[name]);
const first = globalThis.document?.currentScript?.dataset.start;
if (first) mantel(first);
})();
"""


def bundled(entries: tuple[str, ...], source: Callable[[str], str]) -> bytes:
    """Return one minified script that holds these modules and all that they import, one by another.

    `source` gives the text of a module by its name. Modules import by name (`import { a, b as c } from "./x.js"`), export
    what they declare, and await nothing while they start; one that starts later is used as `(await import("./x.js")).a`.
    Anything else raises ValueError. What is exported has a short name inside: names are a good part of a script.
    """
    names: list[str] = list(entries)
    made: list[str] = []
    for name in names:  # grows while it is walked
        made.append(_module(name, source, names))
    doors = json.dumps({name: names.index(name) for name in entries})
    whole = _WHOLE.replace("DOORS", doors).replace("MODULES", ",\n".join(made))
    short: str = minify.string("text/javascript", whole)
    return short.encode()


def _module(name: str, source: Callable[[str], str], names: list[str]) -> str:
    """Return a module as a function, under its number; what it imports is added to the names."""

    def there(path: str) -> str:
        found = str(_flat(PurePosixPath(name).parent / path))
        if found not in names:
            names.append(found)
        return found

    def imported(found: re.Match[str]) -> str:
        short = _short(source(there(found[2])))
        taken = _TAKEN.sub(lambda one: f"{short[one[1]]}: {one[2] or one[1]}", found[1] or "")
        return (f"const {{{taken}}} = " if taken else "") + f"need({names.index(there(found[2]))});"

    def later(found: re.Match[str]) -> str:
        short = f").{_short(source(there(found[1])))[found[2]]}" if found[2] else ""
        return f"Promise.resolve({names.index(there(found[1]))}).then(need){short}"

    code = source(name)
    said = _short(code)
    code = _IMPORT.sub(imported, code)
    code = _LATER.sub(later, code)
    code = _EXPORT.sub(r"\1 \2", code)
    if left := re.search(r"^(?:import|export|await)\b.*|^const .* = await\b.*", code, re.MULTILINE):
        raise ValueError(f"{name}: cannot be put into one script: {left[0]}")
    return f"{names.index(name)}: () => {{\n{code}\nreturn {{{', '.join(f'{short}: {long}' for long, short in said.items())}}};\n}}"


def _short(code: str) -> dict[str, str]:
    """Return the names that a module exports, and what each is called inside."""
    return {found[2]: letter for found, letter in zip(_EXPORT.finditer(code), ascii_letters, strict=False)}


def _flat(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
