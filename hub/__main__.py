"""Start Mantel on this machine, everything it needs, at one address: `python -m hub [--demo] [--port N]`.

It is no command of manage.py, which would load the whole product first: the parts load it themselves.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from django.core.exceptions import ImproperlyConfigured

from hub import env, tree


def main() -> int:
    """Run until Ctrl-C, or until a part ends for good; return the exit code."""
    importlib.import_module("hub.settings")  # a setting that makes no sense is named before anything starts
    parser = argparse.ArgumentParser(prog="python -m hub", description="Start Mantel here as one process tree.")
    parser.add_argument("--port", type=int, default=int(env.number("HUB_PORT", 8000)))
    parser.add_argument("--demo", action="store_true", help="look around with Northwind Freight")
    options = parser.parse_args()
    return tree.run(port=options.port, demo=options.demo)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ImproperlyConfigured as problem:
        sys.exit(f"mantel: {problem}")
