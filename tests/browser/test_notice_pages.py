"""Officers release, and the public reads, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cards.nominations.models import NoticeRelease, PublicNotice
from talentcard.accounts.models import User
from tests.browser.conftest import BOTH, Visit, faults_of
from tests.factories.nominations import make_passed, make_policy, make_under_notice

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Visit]
WAITING = reverse("nominations:release-waiting")


@BOTH
def test_officer_releases_and_anybody_reads(
    size: dict[str, int],
    language: str,
    visit: Open,
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
) -> None:
    make_policy()
    ended = make_under_notice(nominator, preliminary_reviewer, second_reviewer).notice
    PublicNotice.objects.filter(pk=ended.pk).update(ended_at=ended.closes_at)
    for _ in range(2):
        make_passed(nominator, preliminary_reviewer, second_reviewer)
    window = visit(user=second_reviewer, size=size, language=language)
    page = window.open(WAITING)
    faults = {WAITING: faults_of(window)}

    page.locator("[data-bulk-row]").first.check()
    page.locator("[data-bulk-row]").last.check()
    page.locator(".bulk-bar button").click()
    faults["confirm"] = faults_of(window)
    page.locator(".confirm button").click()
    expect(page.locator(".alert.tone-good")).to_be_visible()
    faults["result"] = faults_of(window)
    release = NoticeRelease.objects.first()
    assert release is not None
    for path in (
        reverse("nominations:notice-list"),
        release.get_absolute_url(),
        reverse("nominations:notice-detail", args=[release.notices.order_by("pk")[0].pk]),
        ended.release.get_absolute_url(),
        reverse("nominations:notice-detail", args=[ended.pk]),
    ):
        window.open(path)
        faults[path] = faults_of(window)

    assert release.notices.count() == 2
    assert {path: found for path, found in faults.items() if found} == {}
