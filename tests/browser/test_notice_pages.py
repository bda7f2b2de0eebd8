"""Officers release, and the public reads, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cards.nominations.models import NoticeRelease, PublicNotice
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faults_of, faulty_pages
from tests.factories.nominations import make_passed, make_policy, make_under_notice

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Visit]
WAITING = reverse("nominations:release-waiting")


def test_officer_releases_and_anybody_reads(
    visit: Open, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    make_policy()
    ended = make_under_notice(nominator, preliminary_reviewer, second_reviewer).notice
    PublicNotice.objects.filter(pk=ended.pk).update(ended_at=ended.closes_at)
    for _ in range(2):
        make_passed(nominator, preliminary_reviewer, second_reviewer)
    assert faulty_pages(visit, {second_reviewer: [WAITING]}) == []
    window = visit(second_reviewer, language="en")
    page = window.open(WAITING)

    page.locator("[data-bulk-row]").first.check()
    page.locator("[data-bulk-row]").last.check()
    page.locator(".bulk-bar button").click()
    assert faults_of(window) == []
    page.locator(".confirm button").click()
    expect(page.locator(".alert.tone-good")).to_be_visible()
    assert faults_of(window) == []
    release = NoticeRelease.objects.first()
    assert release is not None
    paths = [
        reverse("nominations:notice-list"),
        release.get_absolute_url(),
        reverse("nominations:notice-detail", args=[release.notices.order_by("pk")[0].pk]),
        ended.release.get_absolute_url(),
        reverse("nominations:notice-detail", args=[ended.pk]),
    ]

    assert release.notices.count() == 2
    assert faulty_pages(visit, {second_reviewer: paths}) == []
