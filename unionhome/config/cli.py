"""The `unionhome` command: a few verbs of its own, and those that rooms declare in `commands.py`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from unionhome.core.registry import Actor, Refused, discover, resolve


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Exit 0 on success, 1 on refused input with the reason on stderr, 2 on wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionhome.config.settings")
    django.setup()
    parser, arguments = _parser(), list(sys.argv[1:] if argv is None else argv)
    options = parser.parse_args(arguments)
    if not getattr(options, "run", None):
        parser.print_help(sys.stderr)
        return 2
    try:
        return int(options.run(options) or 0)
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="unionhome",
        description="UnionHome (职工之家): run, fill and check a deployment.",
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")

    serve = _verb(
        verbs,
        "serve",
        "serve the web pages",
        "unionhome serve --port 8000 --with-worker",
        _serve,
    )
    serve.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    serve.add_argument("--port", default=os.environ.get("PORT", "8000"))
    serve.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    serve.add_argument("--threads", type=int, default=8, help="requests a process handles at once")
    serve.add_argument("--with-worker", action="store_true", help="run the background worker beside it")
    worker = _verb(verbs, "worker", "run background jobs", "unionhome worker", _worker)
    worker.add_argument("--once", action="store_true", help="do what is due now, then stop")
    _verb(verbs, "migrate", "bring the database up to date", "unionhome migrate", _migrate)
    demo = _verb(
        verbs,
        "demo",
        "fill an empty database with the demo city",
        "unionhome demo --size county",
        _demo,
    )
    demo.add_argument("--size", choices=("village", "county", "city"), default="county")
    demo.add_argument(
        "--today",
        type=date.fromisoformat,
        default=None,
        help="the demo's day, YYYY-MM-DD",
    )
    demo.add_argument("--migrate", action="store_true", help="bring the database up to date before")
    _verb(
        verbs,
        "doctor",
        "check settings, keys, database and files",
        "unionhome doctor",
        _doctor,
    )
    for command in discover("commands", "COMMANDS"):
        run = command.run
        each = _verb(
            verbs,
            command.name,
            command.summary,
            command.example,
            lambda o, run=run: run(o, _actor(o)),
        )
        command.configure(each)
    return parser


def _verb(verbs, name, summary, example, run) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]
    parser: argparse.ArgumentParser = verbs.add_parser(
        name, help=summary, description=summary, epilog=f"example: {example}"
    )
    parser.set_defaults(run=run, verb=name)
    return parser


def _actor(options: argparse.Namespace) -> Actor:
    return Actor.system(f"command line: {options.verb}", resolve("unionhome.core.access.clock.now")())


def _collect_static() -> None:
    """Collect and compress the static files, unless nothing has changed since the last time."""
    sources = [Path(folder) for folder in (*settings.STATICFILES_DIRS, settings.BASE_DIR / "unionhome/kit/static")]
    newest = max((path.stat().st_mtime for folder in sources for path in folder.rglob("*")), default=0.0)
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)


def _serve(options: argparse.Namespace) -> int:
    _collect_static()
    beside = [subprocess.Popen([sys.executable, "-m", "unionhome", "worker"])] if options.with_worker else []
    try:
        resolve("unionhome.config.web.serve")(f"{options.host}:{options.port}", options.workers, options.threads)
    finally:
        for process in beside:
            process.terminate()
        for process in beside:
            process.wait()
    return 0


def _worker(options: argparse.Namespace) -> int:
    return int(resolve("unionhome.core.jobs.worker.run")(once=options.once))


def _migrate(options: argparse.Namespace) -> int:
    call_command("migrate", interactive=False, verbosity=1)
    return 0


def _demo(options: argparse.Namespace) -> int:
    if options.migrate:
        _migrate(options)
    return int(resolve("unionhome.config.demo.build")(size=options.size, today=options.today))


def _doctor(options: argparse.Namespace) -> int:
    return int(resolve("unionhome.config.doctor.run")())


if __name__ == "__main__":
    raise SystemExit(main())
