"""Ratings are kept by casework: those of requests move there, with their comments encrypted."""

from typing import Any

from django.db import migrations


def move_ratings(apps: Any, schema_editor: Any) -> None:
    kept = apps.get_model("casework", "Rating").objects
    ratings = apps.get_model("perks", "Rating").objects.select_related("request__holder")
    for rating in ratings.iterator(chunk_size=500):
        decided = rating.request.transitions.filter(to_status__in=["granted", "declined"], actor__isnull=False)
        office = decided.order_by("at").values_list("actor__organisation", flat=True).last()
        kept.create(
            kind="perks.request",
            subject_id=rating.request_id,
            number=rating.request.number,
            level=rating.level,
            comment=rating.comment,
            rated_by_id=rating.request.holder.user_id,
            office_id=office,
            at=rating.at,
        )


class Migration(migrations.Migration):
    dependencies = [("perks", "0001_initial"), ("casework", "0005_ratings")]

    operations = [migrations.RunPython(move_ratings, migrations.RunPython.noop)]
