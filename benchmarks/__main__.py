"""Measure works and print them beside their references: `python -m benchmarks [work…] [--seconds N]`.

Online checks and editions need PostgreSQL and a Redis-compatible server: `make bench` brings private ones.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from benchmarks import environment, report
from benchmarks.figures import Figure, MeasurementFailed

# The modules are imported once Django is set up, and Django only where a work needs it.
WORKS = {
    "sign": "benchmarks.codes:measure_sign",
    "offline-check": "benchmarks.codes:measure_offline_check",
    "online-check": "benchmarks.online:measure",
    "produce-edition": "benchmarks.editions:measure",
    "inbox": "benchmarks.lists:measure",
    "import": "benchmarks.imports:measure",
}
NEED_SERVERS = {"online-check", "produce-edition", "inbox", "import"}


def main(arguments: Sequence[str]) -> int:
    """Run the command line; return 1 if nothing could be measured. A missed target is told, and is no error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("works", nargs="*", metavar="work", help=", ".join(WORKS))
    parser.add_argument("--seconds", type=float, default=30, help="how long each work is measured (30)")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.works if name not in WORKS]:
        parser.error(f"no such work: {', '.join(unknown)}; there are {', '.join(WORKS)}")
    names = options.works or list(WORKS)
    try:
        if NEED_SERVERS.isdisjoint(names):
            report.show([report.machine()], _measure(names, options.seconds))
        else:
            with environment.served(os.environ) as servers:
                report.show([report.machine(), *servers], _measure(names, options.seconds))
    except (environment.NoServers, MeasurementFailed) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return 1
    return 0


def _measure(names: Sequence[str], seconds: float) -> Iterator[Figure]:
    for name in names:
        module, function = WORKS[name].split(":")
        measure: Callable[[float], list[Figure]] = getattr(import_module(module), function)
        yield from measure(seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
