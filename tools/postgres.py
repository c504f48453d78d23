#!/usr/bin/env python3
"""A throw-away PostgreSQL server on loopback, for tests and benchmarks.

    tools/postgres.py -- pytest -q        runs the command with the server's address in
                                          UNIONHOME_TEST_DATABASE_URL and UNIONHOME_DATABASE_URL
    tools/postgres.py --check             says whether a server can be started here

The server lives in a temporary folder, trusts only 127.0.0.1, does not sync to disk (its data is
worth nothing) and is gone when the command ends, however it ends.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
ROLE = "unionhome"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "on",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "log_min_messages": "fatal",
}
PR_SET_PDEATHSIG = 1


class NoServer(Exception):
    """No PostgreSQL server can be started here; the message says why."""


def version_key(path: Path) -> float:
    try:
        return float(path.parent.name)
    except ValueError:
        return 0.0


def find_programs() -> Path:
    """The newest folder that holds initdb and postgres. Raises NoServer when there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_key, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServer("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def unprivileged() -> tuple[int | None, int | None]:
    """User and group to run the server as, since PostgreSQL refuses root; None means as we are."""
    if os.geteuid() != 0:
        return None, None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise NoServer("running as root and there is no user to start PostgreSQL as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_with_parent() -> None:
    """Linux: have the kernel end the server should this program be killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def initialise(programs: Path, data: Path, user: int | None, group: int | None) -> None:
    command: list[str | Path] = [programs / "initdb", "-D", data, "-U", ROLE, "-A", "trust", "-N"]
    made = subprocess.run(
        [*command, "-E", "UTF8", "--locale=C.UTF-8"],
        capture_output=True,
        text=True,
        cwd=data.parent,
        user=user,
        group=group,
    )
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip()}")


def wait_until_ready(server: subprocess.Popen[bytes], programs: Path, port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    ask: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        if subprocess.run(ask).returncode == 0:
            return
        time.sleep(0.1)
    raise NoServer(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(20)


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give its database URL. Raises NoServer when that is impossible."""
    programs = find_programs()
    user, group = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="unionhome-postgres-"))
    server = None
    try:
        if user is not None and group is not None:
            os.chown(folder, user, group)
        data, log, port = folder / "data", folder / "log", free_port()
        initialise(programs, data, user, group)
        options: list[str | Path] = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-p", str(port), *options],
                stdout=output,
                stderr=output,
                cwd=folder,
                # Ctrl-C belongs to the command: the server must outlive its clean-up.
                process_group=0,
                preexec_fn=end_with_parent,
                user=user,
                group=group,
            )
        wait_until_ready(server, programs, port, log)
        yield f"postgres://{ROLE}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def run_with_server(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running() as url:
        names = ("UNIONHOME_TEST_DATABASE_URL", "UNIONHOME_DATABASE_URL")
        return subprocess.run(command, env=os.environ | dict.fromkeys(names, url)).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a command beside a throw-away PostgreSQL.")
    parser.add_argument("--check", action="store_true", help="only try to start a server")
    parser.add_argument("command", nargs="*", help="the command, after --")
    options = parser.parse_args()
    if not options.check and not options.command:
        parser.error("give a command after --")
    try:
        return run_with_server(options.command or ["true"])
    except NoServer as reason:
        print(f"postgres: {reason}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
