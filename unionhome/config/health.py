"""Is it up, is it ready, how is it doing: for a supervisor and a monitor."""

from importlib.util import find_spec

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from unionhome.core.registry import resolve


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and has every migration; 503 otherwise."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except OperationalError:
        return JsonResponse({"status": "no-database"}, status=503)
    status = {
        "status": "ok" if not waiting else "migrations-waiting",
        "migrations_waiting": waiting,
    }
    return JsonResponse(status, status=503 if waiting else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """Counts in the text form that monitors read; no personal data."""
    lines = []
    if find_spec("unionhome.core.jobs.queries"):
        for state, count in resolve("unionhome.core.jobs.queries.count_by_state")().items():
            lines.append(f'unionhome_jobs{{state="{state}"}} {count}')
    if find_spec("unionhome.core.journal.queries"):
        for name, count in resolve("unionhome.core.journal.queries.count_waiting")().items():
            lines.append(f"unionhome_journal_{name} {count}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
