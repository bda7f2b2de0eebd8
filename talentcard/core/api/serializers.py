"""Shapes every API answer shares."""

from rest_framework import serializers


class FieldErrorOutput(serializers.Serializer):
    """One fault of an input."""

    row = serializers.IntegerField(required=False, help_text="Row of a spreadsheet, as the spreadsheet counts it.")
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ErrorOutput(serializers.Serializer):
    """Any refusal: a stable `code` for programs, a `message` for people."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)
    errors = FieldErrorOutput(many=True, required=False)  # type: ignore[assignment]  # the word the API uses
