"""Releases of public notices."""

from rest_framework import serializers

from cards.nominations.api.serializers.reviews import BulkRowOutput
from cards.nominations.operations import MAX_IN_RELEASE
from talentcard.core.api.serializers import ErrorOutput


class ReleaseInput(serializers.Serializer):
    """The cases to put under public notice together; without titles the release is called by its year and number."""

    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_IN_RELEASE)
    title_zh = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    title_en = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ReleaseOutput(serializers.Serializer):
    """A release, as the public reads of it."""

    number = serializers.CharField()
    year = serializers.IntegerField()
    serial = serializers.IntegerField()
    title = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    url = serializers.CharField(source="get_absolute_url")


class ReleaseResultOutput(serializers.Serializer):
    """A release, and of each chosen case whether it is in it, or why not."""

    release = ReleaseOutput()
    rows = BulkRowOutput(many=True)


class ReleaseRefusedOutput(ErrorOutput):
    """Why nothing was released; with the code `nothing_to_release`, the reason of each case."""

    rows = BulkRowOutput(many=True, required=False)


class BilingualOutput(serializers.Serializer):
    """A name in both languages."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"en": serializers.CharField(), "zh-hans": serializers.CharField()}


class ListedTierOutput(BilingualOutput):
    """A tier: its code and its name in both languages."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"code": serializers.CharField(), **super().get_fields()}


class ListedPersonOutput(serializers.Serializer):
    """Somebody under public notice; `closes_at` is null while the clock stands still."""

    notice = serializers.UUIDField()
    name = serializers.CharField()
    employer = BilingualOutput()
    nominator = BilingualOutput()
    basis = BilingualOutput()
    tier = ListedTierOutput()
    closes_at = serializers.DateTimeField(allow_null=True)


class NoticeListOutput(serializers.Serializer):
    """What is signed: whom a release names at `issued_at`, nobody once it has ended."""

    number = serializers.CharField()
    title = BilingualOutput()
    opened_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField()
    is_open = serializers.BooleanField()
    people = ListedPersonOutput(many=True)


class SignedListOutput(serializers.Serializer):
    """A list and its signature: with the list's canonical JSON as payload, a flattened JWS."""

    list = NoticeListOutput()
    protected = serializers.CharField(help_text="Base64url of the header: `alg`, `cty`, and `kid`, the key's id.")
    signature = serializers.CharField(help_text="Base64url of the Ed25519 signature.")
