"""What the house costs a page: a public page of three queries in our frame, beside the same queries in bare Django.

    python bench/bench_pages.py                                             SQLite in a temporary folder
    python bench/bench_pages.py --database postgres://user@127.0.0.1/empty  an empty PostgreSQL database

Both pages read the same tables in the same process settings, served by gunicorn with the same workers, and are asked in
turns, so that a noisy machine disturbs both. Bare means Django's own middleware of a new project and a template without
a frame. Prints requests a second, processor time a request (which other work on the machine disturbs least), the ratios,
page sizes and facts of the machine. Asserts nothing.
"""

import argparse
import base64
import os
import platform
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
KIND = "UNIONHOME_BENCH_PAGE"
ROWS = 50
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TABLE = """<h1>{{ root.name }}</h1><p>{{ count }}</p><table>{% for node in nodes %}<tr><td>{{ node.code }}</td>
<td>{{ node.name }}</td><td>{{ node.get_level_display }}</td><td>{{ node.opened_on|date:"Y-m-d" }}</td></tr>{% endfor %}</table>"""


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The WSGI application of a server process; KIND tells which page it serves."""
    return _application()(environ, start_response)


_built: list[Any] = []


def _application() -> Any:
    if not _built:
        _built.append(_build(os.environ[KIND]))
    return _built[0]


def _build(kind: str) -> Any:
    import django
    from django.conf import settings

    _ = settings.ROOT_URLCONF
    settings.ROOT_URLCONF = "bench_pages_urls"
    if kind == "bare":
        settings.MIDDLEWARE = BARE_MIDDLEWARE
        settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {}}]
    django.setup(set_prefix=False)
    sys.modules["bench_pages_urls"] = _urls(kind)
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _urls(kind: str) -> Any:
    """A module with the one address of the page."""
    from types import ModuleType

    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.urls import include, path

    from unionhome.core.access.doors import door
    from unionhome.core.registry import Actor, rooms
    from unionhome.core.tree.models import Node

    framed = (
        '{% extends "kit/public.html" %}{% block title %}x{% endblock %}{% block content %}' + TABLE + "{% endblock %}"
    )
    template = engines["django"].from_string(TABLE if kind == "bare" else framed)

    def page(request: HttpRequest) -> HttpResponse:
        root = Node.objects.filter(parent__isnull=True).first()
        count = Node.objects.filter(is_local=True).count()
        nodes = list(Node.objects.order_by("path")[:ROWS])
        return HttpResponse(template.render({"root": root, "count": count, "nodes": nodes}, request))

    @door("open")
    def framed_page(request: HttpRequest, actor: Actor) -> HttpResponse:
        return page(request)

    urls = ModuleType("bench_pages_urls")
    urls.urlpatterns = [path("page/", page if kind == "bare" else framed_page)]  # type: ignore[attr-defined]
    if kind != "bare":  # the frame links to the rooms' own addresses
        from importlib.util import find_spec

        urls.urlpatterns += [  # type: ignore[attr-defined]
            path("", include(f"{room.name}.urls")) for room in rooms() if find_spec(f"{room.name}.urls")
        ]
    return urls


def prepare(url: str, folder: str) -> None:
    """Environment of this process and of the servers, and a small tree to read."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "unionhome.config.settings"
    os.environ["UNIONHOME_DATABASE_URL"] = url
    os.environ["UNIONHOME_DATA_DIR"] = folder
    os.environ["UNIONHOME_SECRET_KEY"] = secrets.token_hex(32)
    os.environ["UNIONHOME_FIELD_KEYS"] = "b1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    os.environ["UNIONHOME_LOG_LEVEL"] = "ERROR"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "bench")])
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from datetime import UTC, date, datetime

    from django.db import connection

    from unionhome.core.registry import Actor
    from unionhome.core.tree.actions import NewNode, add_nodes

    day = date(2020, 1, 1)
    news = [NewNode("610500", "示例市总工会", "city", "", day, is_local=True)]
    news += [NewNode(f"6105{n:02}", f"示例{n}县总工会", "county", "610500", day, is_local=True) for n in range(1, 12)]
    news += [NewNode(f"U{n}", f"示例公司{n}工会", "grassroots", f"6105{n % 11 + 1:02}", day) for n in range(500)]
    add_nodes(Actor.system("bench", datetime.now(UTC)), news)
    connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(kind: str, workers: int) -> tuple[subprocess.Popen[bytes], str]:
    """A server of one kind of page, once it answers."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "bench_pages:application", "--bind", address]
    command += ["--workers", str(workers), "--log-level", "critical"]
    server = subprocess.Popen(command, env={**os.environ, KIND: kind}, cwd=ROOT / "bench")
    url = f"http://{address}/page/"
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=60).read()
            return server, url
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise SystemExit(f"the {kind} server does not answer")


def rate(url: str, seconds: int) -> float:
    """Requests a second: by wrk where there is one, else by eight threads of Python."""
    if shutil.which("wrk"):
        said = subprocess.run(
            ["wrk", "-t2", "-c8", f"-d{seconds}s", url], capture_output=True, text=True, check=True
        ).stdout
        if "Non-2xx" in said:
            raise SystemExit(said)
        return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])  # type: ignore[index]
    from concurrent.futures import ThreadPoolExecutor

    until = time.perf_counter() + seconds

    def ask(_: int) -> int:
        done = 0
        while time.perf_counter() < until:
            urllib.request.urlopen(url, timeout=60).read()
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(ask, range(8))) / seconds


def processor_seconds(server: int) -> float:
    """What a server's workers have used so far; 0 where the system does not tell."""
    try:
        workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        ticks = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[11:13] for worker in workers]
    except OSError:
        return 0.0
    return sum(int(tick) for pair in ticks for tick in pair) / os.sysconf("SC_CLK_TCK")


def ask_round(server: int, url: str, seconds: int) -> tuple[float, float]:
    """Requests a second, and milliseconds of processor time a request."""
    before = processor_seconds(server)
    speed = rate(url, seconds)
    return speed, (processor_seconds(server) - before) * 1000 / (speed * seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL database; SQLite if not given")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="unionhome-bench-") as folder:
        prepare(options.database, folder)
        servers = {kind: serve(kind, options.workers) for kind in ("house", "bare")}
        try:
            sizes = {kind: len(urllib.request.urlopen(url).read()) for kind, (_, url) in servers.items()}
            for _, url in servers.values():
                rate(url, 2)  # warm
            rounds = [
                {kind: ask_round(server.pid, url, options.seconds) for kind, (server, url) in servers.items()}
                for _ in range(options.rounds)
            ]
        finally:
            for server, _ in servers.values():
                server.terminate()
                server.wait()
    report(rounds, sizes, "PostgreSQL" if options.database else "SQLite", options.workers)


def report(rounds: list[dict[str, tuple[float, float]]], sizes: dict[str, int], engine: str, workers: int) -> None:
    print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, {workers} workers, {engine}"
    )
    for kind in ("house", "bare"):
        speed, cost = (statistics.median(each[kind][which] for each in rounds) for which in (0, 1))
        print(f"{kind:>6}: {speed:8.0f} requests/s, {cost:.2f} ms processor time a request, {sizes[kind]:,} bytes")
    speeds = [each["house"][0] / each["bare"][0] for each in rounds]
    print(f" ratio of requests/s: {statistics.median(speeds):.2f} (rounds {', '.join(f'{one:.2f}' for one in speeds)})")
    costs = [each["bare"][1] / each["house"][1] for each in rounds if each["house"][1]]
    if costs:
        print(f" ratio of processor time: {statistics.median(costs):.2f} ({', '.join(f'{one:.2f}' for one in costs)})")


if __name__ == "__main__":
    main()
