"""Run the suite on SQLite and on real servers, and prove that both ran the same tests and skipped none; and lint.

`python -m tests.run [sqlite] [served] [lint]`; without a word, all three. What keeps two cores busy: a third test
process works while another waits for real processes; the databases are migrated together, once for each suite; and lint
runs beside the first suite.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.servers import private_servers

PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "3", "-p", "no:cacheprovider"]
# Modules in the order of conftest.py.
PYTEST += ["--dist", "loadscope", "--no-loadscope-reorder"]
MIGRATE = [sys.executable, "-m", "tests.template"]
# What it needs is installed, or we would not run.
LINT = ["make", "--no-print-directory", "--assume-old=install-dev", "lint"]
SUITES = ("sqlite", "served")


@dataclass(frozen=True)
class Outcome:
    """What one run of the suite did."""

    name: str
    exit_code: int
    ids: frozenset[str]
    failed: int
    skipped: int
    seconds: float

    def __str__(self) -> str:
        passed = len(self.ids) - self.failed - self.skipped
        counts = f"{passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{self.name}: {counts} in {self.seconds:.0f} s"

    def problems(self) -> list[str]:
        """Return what is wrong with it, in words."""
        problems = []
        if self.exit_code or not self.ids:
            problems.append(f"{self.name} failed with exit code {self.exit_code}")
        if self.skipped:
            problems.append(f"{self.name} skipped tests")
        return problems


def environments(names: Sequence[str], *, folder: Path, stack: ExitStack) -> dict[str, dict[str, str]]:
    """Return the environment of each suite, with a migrated database to copy; servers run until the stack closes."""
    # The embedded mode has neither server: what the machine offers is for the other suite.
    bare = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    found = {name: bare | {"TEST_VAR_DIR": str(folder / name)} for name in names}
    if "served" in found:
        found["served"] |= stack.enter_context(private_servers(fast=True))
    migrating = {
        name: subprocess.Popen(MIGRATE, env=environment, stdout=subprocess.PIPE, text=True)
        for name, environment in found.items()
    }
    for name, process in migrating.items():
        template, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"the database of {name} could not be migrated")
        found[name]["TEST_TEMPLATE"] = template.strip()
    return found


def run_suite(name: str, *, environment: Mapping[str, str], folder: Path) -> Outcome:
    """Run the suite once and read what it did from its own report."""
    report = folder / f"{name}.xml"
    started = time.monotonic()
    print(f"== {name} ==", flush=True)
    exit_code = subprocess.call([*PYTEST, f"--junitxml={report}"], env=environment)
    cases = list(ET.parse(report).getroot().iter("testcase")) if report.exists() else []  # our own file
    return Outcome(
        name=name,
        exit_code=exit_code,
        ids=frozenset(f"{case.get('classname')}::{case.get('name')}" for case in cases),
        failed=sum(case.find("failure") is not None or case.find("error") is not None for case in cases),
        skipped=sum(case.find("skipped") is not None for case in cases),
        seconds=time.monotonic() - started,
    )


def main(names: Sequence[str]) -> int:
    """Do what is named; return 0 if all passed, nothing was skipped and the test ids agree."""
    lint = None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="talentcard-tests-")))
        # The database server may run as another user, who only has to pass through.
        folder.chmod(0o711)
        if "lint" in names:
            # Its words wait for their turn.
            # A make that stands for itself: who called us keeps their jobs.
            own = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
            with (folder / "lint.log").open("w") as output:
                lint = stack.enter_context(subprocess.Popen(LINT, env=own, stdout=output, stderr=subprocess.STDOUT))
        found = environments([name for name in names if name in SUITES], folder=folder, stack=stack)
        outcomes = [run_suite(name, environment=found[name], folder=folder) for name in found]
        problems = [problem for outcome in outcomes for problem in outcome.problems()]
        if lint:
            if lint.wait():
                problems.append("lint failed")
            print("== lint ==", (folder / "lint.log").read_text(), sep="\n")
    for other in outcomes[1:]:
        for test in sorted(outcomes[0].ids ^ other.ids):
            problems.append(f"{test} ran only on one of {outcomes[0].name} and {other.name}")
    print(*outcomes, *(problems or ["all green"]), sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    known = [*SUITES, "lint"]
    if not set(sys.argv[1:]) <= set(known):
        sys.exit(f"usage: python -m tests.run [{'] ['.join(known)}]")
    sys.exit(main(sys.argv[1:] or known))
