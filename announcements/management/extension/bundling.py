"""Many small modules as one script: what stands before the first picture is one file, read and understood at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";', re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export ((?:async )?(?:const|function|class)) (\w+)", re.MULTILINE)
# What all modules name is named here once more, so that it can be given a short name as well.
# `mantel(name)` starts a module. A module runs once, when it is first needed; so a page starts no more than it uses.
_WHOLE = """(() => {
const { Array, Boolean, Date, Event, IntersectionObserver, JSON, Math, Number, Object, Promise, Set, String, URL, caches, chrome, clearTimeout, document, encodeURIComponent, location, setTimeout } = globalThis;
const modules = [MODULES];
const started = {};
const need = (name) => (started[name] ??= modules[name]());
globalThis.mantel = (name) => need(DOORS[name]);
const first = globalThis.document?.currentScript?.dataset.start;
if (first) mantel(first);
})();
"""


def bundled(entries: tuple[str, ...], source: Callable[[str], str]) -> str:
    """Return one script that holds these modules and all that they import, one by another.

    `source` gives the text of a module by its name. Modules import by name (`import { a, b as c } from "./x.js"`), export
    what they declare, and await nothing while they start; anything else raises ValueError.
    """
    names: list[str] = list(entries)
    made: list[str] = []
    for name in names:  # grows while it is walked
        made.append(_module(name, source, names))
    doors = json.dumps({name: names.index(name) for name in entries})
    return _WHOLE.replace("DOORS", doors).replace("MODULES", ",\n".join(made))


def _module(name: str, source: Callable[[str], str], names: list[str]) -> str:
    """Return a module as a function; what it imports is added to the names, whose order is that of the modules.

    It answers what it exports as a list: of a place in a list nothing has to be written out.
    """

    def there(path: str) -> tuple[int, list[str]]:
        found = str(_flat(PurePosixPath(name).parent / path))
        if found not in names:
            names.append(found)
        return names.index(found), _exported(source(found))

    def imported(found: re.Match[str]) -> str:
        number, said = there(found[2])
        wanted = [re.split(r"\s+as\s+", one.strip()) for one in (found[1] or "").split(",") if one.strip()]
        if missing := [one[0] for one in wanted if one[0] not in said]:
            raise ValueError(f"{name}: {found[2]} has no {missing[0]}")
        taken = {one[0]: one[-1] for one in wanted}
        if len(taken) < len(wanted):
            raise ValueError(f"{name}: takes something of {found[2]} twice")
        places = ", ".join(taken.get(one, "") for one in said).rstrip(", ")
        return (f"const [{places}] = " if taken else "") + f"need({number});"

    def later(found: re.Match[str]) -> str:
        number, said = there(found[1])
        return f"Promise.resolve({number}).then(need).then(([{', '.join(said)}]) => ({{{', '.join(said)}}}))"

    said = _exported(source(name))
    code = _LATER.sub(later, _IMPORT.sub(imported, source(name)))
    code = _EXPORT.sub(r"\1 \2", code)
    if left := re.search(r"^(?:import|export|await)\b.*|^const .* = await\b.*", code, re.MULTILINE):
        raise ValueError(f"{name}: cannot be put into one script: {left[0]}")
    return f"() => {{\n{code}\nreturn [{', '.join(said)}];\n}}"


def _exported(code: str) -> list[str]:
    return [found[2] for found in _EXPORT.finditer(code)]


def _flat(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
