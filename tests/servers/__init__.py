"""Private servers for tests and benchmarks: PostgreSQL, Valkey, and our own worker, beat and web processes.

`python -m tests.servers run -- COMMAND` runs a command with them; `private_servers` is the same for Python code.
"""

from tests.servers.private import private_servers
from tests.servers.processes import ServerFailed

__all__ = ["ServerFailed", "private_servers"]
