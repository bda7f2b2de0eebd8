"""Shapes that several endpoints show."""

from rest_framework import serializers


class MissingItemShape(serializers.Serializer):
    """One thing to correct."""

    field = serializers.CharField(max_length=40)
    note = serializers.CharField(max_length=500)


class NamedOutput(serializers.Serializer):
    """A code and its name in the reader's language."""

    code = serializers.CharField()
    name = serializers.CharField()


class OrganisationOutput(serializers.Serializer):
    """An organisation."""

    id = serializers.UUIDField()
    name = serializers.CharField()
