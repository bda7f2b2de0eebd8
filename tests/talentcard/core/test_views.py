"""Pages that belong to no app."""

from django.test import Client


def test_icon_that_browsers_ask_for_by_custom_is_the_pages_icon(client: Client) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, "/static/img/logo.svg")
