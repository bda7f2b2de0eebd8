"""What a nominator corrects between two submissions is seen by who reviews; nothing that was seen is lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from rest_framework.test import APIClient

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries
from cards.nominations.choices import EvidenceKind, NominationStatus, Outcome
from cards.nominations.models import Evidence, Nomination, Submission
from cards.nominations.queries import Changes
from cards.talents.operations import mark_one_person
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.documents.models import Document
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_draft, make_submitted, upload

NOTES = ("写明聘期", "补充合同", "整体再核对")


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def returned(policy: PolicyVersion, nominator: User, preliminary_reviewer: User) -> Nomination:
    """A case with two documents, returned with three things to correct."""
    case = make_draft(nominator, with_evidence=False)
    for name in ("contract.pdf", "award.pdf"):
        operations.attach_evidence(actor=nominator, nomination=case, upload=upload(name), at=timezone.now())
    operations.submit(actor=nominator, nomination=case, at=timezone.now())
    return send_back(case, preliminary_reviewer)


def send_back(case: Nomination, reviewer: User) -> Nomination:
    fields = ("statement", "evidence", "")
    missing = [operations.MissingItem(field=field, note=note) for field, note in zip(fields, NOTES, strict=True)]
    return operations.review_preliminary(
        actor=reviewer, nomination=case, outcome=Outcome.RETURN, reason="补正", missing=missing, at=timezone.now()
    )


def document(case: Nomination, name: str) -> Evidence:
    return Evidence.with_removed.get(nomination=case, document__original_name=name)


def remove(nominator: User, evidence: Evidence) -> None:
    operations.remove_evidence(actor=nominator, evidence=evidence, at=timezone.now())


def correct(nominator: User, case: Nomination) -> Nomination:
    """Change two fields and the contact, remove a document and add one, and reply to two of three things."""
    policy = case.basis.policy
    operations.update_draft(
        actor=nominator,
        nomination=case,
        statement="聘期至2029年。",
        tier=policy.tiers.get(code="C"),
        basis=policy.bases.filter(tiers__code="C", route="recommendation").first(),
        at=timezone.now(),
    )
    operations.correct_nominee_contact(
        actor=nominator, nomination=case, phone=case.phone, email="new@example.com", address="", at=timezone.now()
    )
    remove(nominator, document(case, "contract.pdf"))
    operations.attach_evidence(
        actor=nominator, nomination=case, upload=upload("new.pdf"), kind=EvidenceKind.EMPLOYMENT, at=timezone.now()
    )
    return operations.submit(actor=nominator, nomination=case, replies=["已写明", "  新合同已上传 "], at=timezone.now())


def changes_seen_by(user: User, case: Nomination) -> Changes:
    changes = queries.changes_of(user, Nomination.objects.with_parties().get(pk=case.pk))
    assert changes is not None
    return changes


def test_reviewer_sees_what_was_corrected_and_replied(
    returned: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    correct(nominator, returned)

    changes = changes_seen_by(preliminary_reviewer, returned)

    seen = {change.field: (change.before, change.after) for change in changes.fields}
    assert seen["statement"] == ("长期从事示例研究。", "聘期至2029年。")
    assert seen["tier"][0].startswith("B ")
    assert seen["tier"][1].startswith("C ")
    assert seen["email"][1] == "new@example.com"
    assert "phone" not in seen
    assert "district" not in seen
    assert [each.document.original_name for each in changes.added] == ["new.pdf"]
    assert [each.document.original_name for each in changes.removed] == ["contract.pdf"]
    assert [(each.about, each.note, each.reply) for each in changes.replies] == [
        ("Why this person", "写明聘期", "已写明"),
        ("Evidence", "补充合同", "新合同已上传"),
        ("", "整体再核对", ""),
    ]


def test_nothing_is_shown_before_it_is_handed_in_again_and_after_a_second_return(
    returned: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    assert queries.changes_of(preliminary_reviewer, returned) is None

    corrected = correct(nominator, returned)
    send_back(corrected, preliminary_reviewer)

    again = Nomination.objects.with_parties().get(pk=returned.pk)
    assert (again.status, again.round) == (NominationStatus.RETURNED, 2)
    assert queries.changes_of(preliminary_reviewer, again) is None


def test_the_third_round_is_compared_with_the_second(
    returned: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    send_back(correct(nominator, returned), preliminary_reviewer)
    operations.submit(actor=nominator, nomination=returned, at=timezone.now())

    changes = changes_seen_by(preliminary_reviewer, returned)

    assert (changes.round, changes.fields, changes.added, changes.removed) == (3, [], [], [])
    assert [each.reply for each in changes.replies] == ["", "", ""]


def test_what_officers_have_seen_is_kept_for_them_and_counts_for_nothing(
    returned: Nomination, nominator: User, preliminary_reviewer: User, auditor: User
) -> None:
    contract = document(returned, "contract.pdf")
    before = queries.room_for_evidence(returned)

    remove(nominator, contract)
    remove(nominator, contract)

    contract.refresh_from_db()
    assert contract.removed_at is not None
    assert [each.document.original_name for each in returned.evidence.all()] == ["award.pdf"]
    assert queries.room_for_evidence(returned).count == before.count + 1
    for reader in (preliminary_reviewer, auditor):
        read = operations.read_evidence(actor=reader, nomination=returned, evidence=contract)
        assert read.file.storage.exists(read.file.name)
    with pytest.raises(NotAllowed):
        operations.read_evidence(actor=nominator, nomination=returned, evidence=contract)


def test_a_nominee_who_is_an_officer_too_reads_nothing_of_what_was_corrected(
    returned: Nomination, nominator: User
) -> None:
    nominee = returned.talent.user
    assert nominee is not None
    give_role(nominee, Role.PRELIMINARY_REVIEWER, district="binhai")
    contract = document(returned, "contract.pdf")
    correct(nominator, returned)
    case = Nomination.objects.with_parties().get(pk=returned.pk)

    for evidence in (contract, document(case, "new.pdf")):
        with pytest.raises(NotAllowed):
            operations.read_evidence(actor=nominee, nomination=case, evidence=evidence)
    assert queries.changes_of(nominee, case) is None


def test_nor_does_one_whom_another_record_knows(returned: Nomination, nominator: User) -> None:
    officer = give_role(UserFactory(), Role.PRELIMINARY_REVIEWER, district="binhai")
    other = make_draft(nominator).talent
    other.user = officer
    other.save()
    mark_one_person(actor=None, one=returned.talent, other=other)
    correct(nominator, returned)
    case = Nomination.objects.with_parties().get(pk=returned.pk)
    officer = User.objects.get(pk=officer.pk)

    assert queries.changes_of(officer, case) is None
    with pytest.raises(NotAllowed):
        operations.read_evidence(actor=officer, nomination=case, evidence=document(case, "new.pdf"))


def test_of_what_was_handed_in_before_submissions_were_kept_nothing_is_lost(
    returned: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    Submission.objects.all().delete()

    correct(nominator, returned)

    assert document(returned, "contract.pdf").removed_at is not None
    changes = changes_seen_by(preliminary_reviewer, returned)
    assert (changes.fields, changes.added, changes.removed) == ([], [], [])
    assert [each.reply for each in changes.replies] == ["已写明", "新合同已上传", ""]


def test_replies_to_an_earlier_return_are_not_taken_for_the_next_one(
    returned: Nomination, nominator: User, preliminary_reviewer: User, login: Callable[[User], Client]
) -> None:
    page, path = login(nominator), reverse("nominations:nomination-submit", args=[returned.pk])
    seen = page.get(path).context["form"]["round"].value()
    send_back(correct(nominator, returned), preliminary_reviewer)

    refused = page.post(path, {"round": seen, "reply_0": "答复上一次"})

    returned.refresh_from_db()
    assert (refused.status_code, returned.status, returned.round) == (400, NominationStatus.RETURNED, 2)
    assert "答复上一次" not in refused.content.decode()
    page.post(path, {"round": refused.context["form"]["round"].value(), "reply_0": "答复这一次"})
    assert changes_seen_by(preliminary_reviewer, returned).replies[0].reply == "答复这一次"


@pytest.mark.parametrize(("language", "mark"), [("en", " (removed)"), ("zh-hans", "（已移除）")])
def test_what_was_said_of_a_document_keeps_its_name_when_it_is_removed(
    returned: Nomination, nominator: User, language: str, mark: str
) -> None:
    contract = document(returned, "contract.pdf")

    remove(nominator, contract)

    with translation.override(language):
        (label,) = queries.topic_labels(returned, [str(contract.pk)])
    assert label.endswith(f"contract.pdf{mark}")
    assert queries.unknown_topics(returned, [str(contract.pk)]) == [0]


def test_what_nobody_has_seen_goes_for_good(returned: Nomination, nominator: User) -> None:
    late = operations.attach_evidence(
        actor=nominator, nomination=returned, upload=upload("late.pdf"), at=timezone.now()
    )

    remove(nominator, late)

    assert not Evidence.with_removed.filter(pk=late.pk).exists()
    assert not Document.objects.filter(pk=late.document_id).exists()


def test_more_replies_than_things_to_correct_are_refused_and_nothing_changes(
    returned: Nomination, nominator: User, policy: PolicyVersion
) -> None:
    with pytest.raises(InvalidInput) as caught:
        operations.submit(actor=nominator, nomination=returned, replies=["1", "2", "3", "4"], at=timezone.now())

    assert [(error.field, error.code) for error in caught.value.errors] == [("replies", "too_many")]
    assert Submission.objects.count() == 1
    with pytest.raises(InvalidInput):
        operations.submit(actor=nominator, nomination=make_draft(nominator), replies=["1"], at=timezone.now())


def test_what_was_stated_is_encrypted_at_rest(returned: Nomination, nominator: User) -> None:
    correct(nominator, returned)

    with connection.cursor() as cursor:
        cursor.execute("SELECT stated, replies FROM nominations_submission")
        stored = str(cursor.fetchall())

    assert not [word for word in ("new@example.com", "聘期", "新合同") if word in stored]


def test_pages_take_replies_and_show_the_changes(
    returned: Nomination, nominator: User, preliminary_reviewer: User, login: Callable[[User], Client]
) -> None:
    filer, officer = login(nominator), login(preliminary_reviewer)
    path = reverse("nominations:nomination-submit", args=[returned.pk])
    remove(nominator, document(returned, "award.pdf"))

    form = filer.get(path).content.decode()
    filer.post(path, {"reply_0": "聘期见合同", "reply_1": "", "reply_2": ""})

    assert all(note in form for note in NOTES)
    page = officer.get(returned.get_absolute_url()).content.decode()
    assert "聘期见合同" in page
    assert "未答复。" in page
    removed = reverse("nominations:evidence-download", args=[document(returned, "award.pdf").pk])
    assert removed in page
    assert removed not in filer.get(returned.get_absolute_url()).content.decode()
    assert (officer.get(removed).status_code, filer.get(removed).status_code) == (200, 403)
    assert returned.talent.user is not None
    assert "聘期见合同" not in login(returned.talent.user).get(returned.get_absolute_url()).content.decode()


def test_a_removed_document_is_not_removed_again(
    returned: Nomination, nominator: User, login: Callable[[User], Client], api_for: Callable[[User], APIClient]
) -> None:
    contract = document(returned, "contract.pdf")
    remove(nominator, contract)

    page = login(nominator).get(reverse("nominations:evidence-remove", args=[contract.pk]))
    answer = api_for(nominator).delete(reverse("api-evidence-detail", args=[returned.pk, contract.pk]))

    assert (page.status_code, answer.status_code) == (404, 404)


def test_api_takes_replies_and_shows_the_changes(
    returned: Nomination,
    nominator: User,
    preliminary_reviewer: User,
    outsider: User,
    api_for: Callable[[User], APIClient],
) -> None:
    path = reverse("api-nomination-changes", args=[returned.pk])
    submit = reverse("api-nomination-submit", args=[returned.pk])
    assert api_for(preliminary_reviewer).get(path).status_code == 404
    remove(nominator, document(returned, "award.pdf"))

    too_many: Any = api_for(nominator).post(submit, {"replies": ["1"] * 4}, format="json")
    taken: Any = api_for(nominator).post(submit, {"replies": ["见合同"]}, format="json")

    assert (too_many.status_code, too_many.json()["errors"][0]["field"]) == (400, "replies")
    assert taken.status_code == 200
    shown: Any = api_for(preliminary_reviewer).get(path).json()
    assert (shown["round"], shown["changed"], shown["added"]) == (2, [], [])
    assert [each["name"] for each in shown["removed"]] == ["award.pdf"]
    assert shown["replies"][0] == {"about": "举荐理由", "note": "写明聘期", "reply": "见合同"}
    assert api_for(nominator).get(path).json() == shown
    assert api_for(outsider).get(path).status_code == 404
    assert returned.talent.user is not None
    assert api_for(returned.talent.user).get(path).status_code == 403


def test_changes_take_as_many_queries_however_many_documents(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    # What a user object keeps of the user.
    assert not hasattr(preliminary_reviewer, "talent")
    counts = []
    for documents in (1, 4):
        case = send_back(make_submitted(nominator), preliminary_reviewer)
        for number in range(documents):
            at = timezone.now() + dt.timedelta(minutes=number)
            operations.attach_evidence(actor=nominator, nomination=case, upload=upload(f"{number}.pdf"), at=at)
        operations.submit(actor=nominator, nomination=case, at=timezone.now())
        fresh = Nomination.objects.with_parties().get(pk=case.pk)
        with CaptureQueriesContext(connection) as captured:
            changes = queries.changes_of(preliminary_reviewer, fresh)
        assert changes is not None
        assert len(changes.added) == documents
        counts.append(len(captured))

    assert counts[0] == counts[1]
