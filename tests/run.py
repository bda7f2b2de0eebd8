"""Run the suite on SQLite and on real servers, and prove that both ran the same tests and skipped none.

`python -m tests.run [sqlite|served]`; without a word, both.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-n",
    "2",
    "--dist",
    "loadscope",
    "--no-loadscope-reorder",
    "-p",
    "no:cacheprovider",
]
SUITES = {
    "sqlite": PYTEST,
    "served": [sys.executable, "-m", "tests.servers", "run", "--fast", "--", *PYTEST],
}


@dataclass(frozen=True)
class Outcome:
    """What one run of the suite did."""

    name: str
    exit_code: int
    ids: frozenset[str]
    failed: int
    skipped: int
    seconds: float


def run_suite(name: str, *, folder: Path) -> Outcome:
    """Run the suite once and read what it did from its own report."""
    report = folder / f"{name}.xml"
    environment = {**os.environ, "TEST_VAR_DIR": str(folder / name)}
    if name == "sqlite":
        # The embedded mode has neither: what the machine offers is for the other run.
        environment = {key: value for key, value in environment.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    started = time.monotonic()
    print(f"== {name} ==", flush=True)
    exit_code = subprocess.call([*SUITES[name], f"--junitxml={report}"], env=environment)
    cases = list(ET.parse(report).getroot().iter("testcase")) if report.exists() else []  # our own file
    return Outcome(
        name=name,
        exit_code=exit_code,
        ids=frozenset(f"{case.get('classname')}::{case.get('name')}" for case in cases),
        failed=sum(case.find("failure") is not None or case.find("error") is not None for case in cases),
        skipped=sum(case.find("skipped") is not None for case in cases),
        seconds=time.monotonic() - started,
    )


def main(names: list[str]) -> int:
    """Run the named suites; return 0 if all passed, nothing was skipped and the test ids agree."""
    with tempfile.TemporaryDirectory(prefix="talentcard-tests-") as folder:
        # The database server may run as another user, who only has to pass through.
        Path(folder).chmod(0o711)
        outcomes = [run_suite(name, folder=Path(folder)) for name in names]
    problems = []
    for outcome in outcomes:
        passed = len(outcome.ids) - outcome.failed - outcome.skipped
        print(
            f"{outcome.name}: {passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
            f" in {outcome.seconds:.0f} s"
        )
        if outcome.exit_code or not outcome.ids:
            problems.append(f"{outcome.name} failed with exit code {outcome.exit_code}")
        if outcome.skipped:
            problems.append(f"{outcome.name} skipped tests")
    for other in outcomes[1:]:
        for test in sorted(outcomes[0].ids ^ other.ids):
            problems.append(f"{test} ran only on one of {outcomes[0].name} and {other.name}")
    print("\n".join(problems) or "all green")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(SUITES)))
