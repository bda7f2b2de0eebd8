"""A request sent twice is carried out once, whatever happens in between."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from talentcard.accounts.models import Organisation, User
from talentcard.core.api.idempotency import idempotent
from talentcard.core.models import IdempotencyKey
from tests.factories.accounts import OrganisationFactory


class PlugPulled(BaseException):
    """The process ends here."""


class MakeOrganisation(APIView):
    """Make an organisation, and fail after that if asked to."""

    permission_classes = ()

    @idempotent
    def post(self, request: Request) -> Response:
        organisation = OrganisationFactory(name_en=request.data["name"])
        if request.headers.get("X-Fail"):
            raise PlugPulled
        return Response({"name": organisation.name_en}, status=201)


@pytest.fixture
def send(outsider: User) -> Callable[..., Response]:
    def post(data: dict[str, Any], **headers: str) -> Response:
        request = APIRequestFactory().post(
            "/things/", data, headers={"Idempotency-Key": "k", **headers}, format="multipart"
        )
        force_authenticate(request, outsider)
        return MakeOrganisation.as_view()(request)

    return post


def names() -> list[str]:
    return list(Organisation.objects.values_list("name_en", flat=True))


def test_same_request_again_is_answered_and_not_repeated(send: Callable[..., Response]) -> None:
    first, again = send({"name": "one"}), send({"name": "one"})

    assert (first.data, first.status_code) == (again.data, again.status_code) == ({"name": "one"}, 201)
    assert again["Idempotent-Replay"] == "true"
    assert names() == ["one"]


def test_other_request_under_the_same_key_is_refused(send: Callable[..., Response]) -> None:
    send({"name": "one"})

    assert send({"name": "two"}).status_code == 422
    assert names() == ["one"]


def test_file_of_the_same_name_with_other_content_is_another_request(send: Callable[..., Response]) -> None:
    send({"name": "one", "file": SimpleUploadedFile("a.pdf", b"first")})

    assert send({"name": "one", "file": SimpleUploadedFile("a.pdf", b"other")}).status_code == 422


def test_request_cut_off_leaves_nothing_and_can_be_sent_again(send: Callable[..., Response]) -> None:
    with pytest.raises(PlugPulled):
        send({"name": "one"}, **{"X-Fail": "yes"})

    assert names() == []
    assert IdempotencyKey.objects.count() == 0
    assert send({"name": "one"}).status_code == 201
