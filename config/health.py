"""Whether the process lives (/healthz) and whether it can serve: database and migrations (/readyz)."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that the process is alive; touches nothing else."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where the record can be reached and is migrated, else 503. Redis may be lost: it is not asked."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "The database does not answer."}, status=503)
    if pending:
        return JsonResponse({"status": "unavailable", "reason": "Migrations are pending."}, status=503)
    return JsonResponse({"status": "ready"})
