"""What the API takes and shows of work items and absences."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from talentcard.accounts.models import User
from talentcard.casework import queries
from talentcard.casework.models import Absence, WorkItem
from talentcard.casework.operations.assignment import REASON_LENGTH


class OfficerOutput(serializers.Serializer):
    """A colleague."""

    id = serializers.UUIDField(source="pk")
    username = serializers.CharField()
    name = serializers.CharField(source="display_name")


class WorkItemOutput(serializers.ModelSerializer):
    """What waits at a desk; `due_at` is null where no limit is set, and while the clock stands still."""

    desk_name = serializers.CharField(source="title")
    url = serializers.CharField(source="get_absolute_url", help_text="Path of the page of what it is about.")
    assignee = OfficerOutput(allow_null=True)

    class Meta:
        model = WorkItem
        fields = [
            "id",
            "desk",
            "desk_name",
            "subject_id",
            "number",
            "url",
            "district",
            "tier",
            "assignee",
            "opened_at",
            "due_at",
            "closed_at",
        ]


class HandOverInput(serializers.Serializer):
    """To whom an item goes, by user name, and why."""

    to = serializers.SlugRelatedField(slug_field="username", queryset=User.objects.filter(is_active=True))
    reason = serializers.CharField(max_length=REASON_LENGTH, allow_blank=True, default="")


class _PersonField(serializers.SlugRelatedField):
    """Somebody, by user name, among those whom the caller may name: others are unknown here."""

    def __init__(self, people: Callable[[User], QuerySet[User]], **kwargs: Any) -> None:
        self.people = people
        super().__init__(slug_field="username", queryset=User.objects.none(), **kwargs)

    def get_queryset(self) -> QuerySet[User]:
        return self.people(self.context["actor"])


class AbsenceInput(serializers.Serializer):
    """Days on which somebody is away; without `user` the caller."""

    user = _PersonField(queries.may_declare_for, required=False)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    deputy = _PersonField(queries.possible_deputies, allow_null=True, default=None)


class AbsenceOutput(serializers.ModelSerializer):
    """Days on which somebody is away."""

    user = OfficerOutput()
    deputy = OfficerOutput(allow_null=True)

    class Meta:
        model = Absence
        fields = ["id", "user", "first_day", "last_day", "deputy"]
