"""System checks: the policy that new cases are filed under, and the one to come, are complete."""

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from cards.issuance.models import PolicyVersion
from cards.nominations import queries


@register(Tags.database)
def policy_is_complete(**kwargs: Any) -> list[CheckMessage]:
    """Warn of a policy in force, or with a date, that lacks something; it asks the database, so only when told to."""
    if not kwargs.get("databases") or not _is_migrated():
        return []
    now = timezone.now()
    current = queries.policy_in_force(at=now)
    if current is None:
        return [checks.Warning("No policy version is in force.", id="nominations.W001")]
    return [
        checks.Warning(
            f"Policy version {version.number} is not complete: {' '.join(lacks)}",
            hint="Copy it as the next version in the admin, complete the copy, and give it its date.",
            id="nominations.W002",
        )
        for version in [current, *PolicyVersion.objects.filter(effective_from__gt=now)]
        if (lacks := queries.shortcomings_of(version))
    ]


def _is_migrated() -> bool:
    # `migrate` runs the checks first, when the tables they would read are yet to come.
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
