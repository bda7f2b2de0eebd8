"""Start the service in demonstration mode and play one person's journey: `python -m demo [--once] [--port N]`."""

import argparse
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from demo import cast
from demo.environment import ROOT, demo_environment
from demo.journey import Journey
from demo.processes import LOOPBACK, ServerFailed
from demo.services import WebServer, celery_beat, celery_worker, web_server

DEFAULT_PORT = 8000
QUEUES = ("default", "mail", "produce")


def main() -> int:
    """Run the demonstration; return the process's exit status."""
    options = _options()
    if _is_taken(options.port):
        print(f"Port {options.port} is in use. Stop what listens there, or choose another: --port", file=sys.stderr)
        return 1
    # Codes and links carry the address they were made under: another port is another city.
    default = ROOT / "var" / ("demo" if options.port == DEFAULT_PORT else f"demo-{options.port}")
    folder = (options.folder or default).resolve()
    environment = demo_environment(folder, port=options.port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    try:
        _prepare(environment)
        with _running(environment, folder=folder, port=options.port) as web:
            print(f"The service is ready at {web.url} after {time.monotonic() - started:.1f} s.\n", flush=True)
            Journey(web.url, folder=folder, samples=ROOT / "samples").play()
            if not options.once:
                _serve(web)
    except ServerFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop when the journey has been played")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--folder", type=Path, help="where everything is kept: var/demo, or var/demo-PORT")
    return parser.parse_args()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def _prepare(environment: dict[str, str]) -> None:
    """Bring the database and the static files up to date and make the sample city, all in one process."""
    subprocess.run([sys.executable, "manage.py", "prepare_demo"], cwd=ROOT, env=environment, check=True)


@contextmanager
def _running(environment: dict[str, str], *, folder: Path, port: int) -> Iterator[WebServer]:
    """Run web, worker and beat, each logging into the folder."""
    with ExitStack() as stack:
        stack.enter_context(celery_worker(environment, concurrency=1, queues=QUEUES, log=folder / "worker.log"))
        stack.enter_context(celery_beat(environment, log=folder / "beat.log"))
        yield stack.enter_context(web_server(environment, port, log=folder / "web.log"))


def _serve(web: WebServer) -> None:
    print(f"Look around at {web.url} - everybody's password is {cast.PASSWORD}")
    for player in cast.STAFF:
        print(f"  {player.username:<14} {player.name}  {player.plays}")
    print("Ctrl-C stops everything.", flush=True)
    web.process.wait()


if __name__ == "__main__":
    sys.exit(main())
