"""What a basis asks of its cases, asked of rows: documents of a kind, experts, a place on a recognised list."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cards.issuance.models import PolicyVersion, RecognisedList
from cards.issuance.operations import list_person
from cards.nominations.choices import AnswerStatus, Asked, EvidenceKind
from cards.nominations.models import AnswerRequest, Evidence
from cards.nominations.sheets import HEADINGS, MORE_HEADINGS
from cards.talents.operations import IdentityInput
from talentcard.accounts.models import User
from tests.cards.nominations.test_imports import archive, faults_of, import_it, row, send, statuses
from tests.factories.experts import ExpertFactory, ask_of
from tests.factories.nominations import PDF, make_policy, require, resident_number

NOW = timezone.now()
FILES = {"letter": PDF, "contract": PDF, "degree": PDF}
Row = dict[str, object]


@pytest.fixture(autouse=True)
def policy(db: None) -> PolicyVersion:
    return make_policy()


@pytest.fixture
def honours(policy: PolicyVersion) -> RecognisedList:
    honours = RecognisedList.objects.create(code="honours", name_zh="名单", name_en="Honours")
    ask_of(recognised_list=honours)
    return honours


def table(*rows: Row) -> io.BytesIO:
    """Return a text table of every column there is, each headed in Chinese and English."""
    headings = {**HEADINGS, **MORE_HEADINGS}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([" ".join(each) for each in headings.values()])
    writer.writerows([each.get(field, "") for field in headings] for each in rows)
    return io.BytesIO(text.getvalue().encode())


def another(**changes: object) -> Row:
    return row(name="示例乙", identity_number=resident_number(2), **changes)


def test_documents_of_each_kind_have_their_column(nominator: User, policy: PolicyVersion) -> None:
    require(policy.bases.get(code="laboratory"), EvidenceKind.EMPLOYMENT)
    rows = table(row(employment_file="contract.pdf", other_file="letter.pdf;degree.pdf"), another())

    batch = import_it(nominator, rows, archive(**FILES))

    assert (statuses(batch), faults_of(batch)) == (["applied", "invalid"], [(3, "employment_file", "document_missing")])
    # A file in two columns is what the first says.
    assert set(Evidence.objects.values_list("document__original_name", "kind")) == {
        ("letter.pdf", EvidenceKind.RECOMMENDATION),
        ("contract.pdf", EvidenceKind.EMPLOYMENT),
        ("degree.pdf", EvidenceKind.OTHER),
    }


def test_a_bad_file_is_named_whatever_its_column(nominator: User) -> None:
    batch = send(nominator, table(row(other_file="lost.pdf")), archive(**FILES))

    assert faults_of(batch) == [(2, "evidence", "evidence_missing")]
    assert batch.rows.get().errors[0]["params"] == {"file": 1}


def test_experts_are_named_by_their_e_mail_and_asked(nominator: User) -> None:
    ask_of(experts_needed=2)
    one, two, former = ExpertFactory(), ExpertFactory(), ExpertFactory(is_active=False)
    rows = table(
        row(expert_emails=f" {one.email.upper()}；{two.email}"),
        another(expert_emails=f"{one.email};{former.email}"),
        row(name="示例丙", identity_number=resident_number(3), expert_emails=one.email),
    )

    batch = import_it(nominator, rows)

    assert statuses(batch) == ["applied", "invalid", "invalid"]
    assert faults_of(batch) == [(3, "expert_emails", "expert_unknown"), (4, "expert_emails", "experts_required")]
    requests = AnswerRequest.objects.filter(asked=Asked.EXPERT)
    assert set(requests.values_list("expert", "status")) == {
        (one.pk, AnswerStatus.ASKED),
        (two.pk, AnswerStatus.ASKED),
    }


def test_an_expert_too_near_to_the_case_refuses_the_row(nominator: User) -> None:
    ask_of(experts_needed=1)
    expert = ExpertFactory(organisation=nominator.organisation)
    nominator.organisation.credit_code = "91120116MA00000000"
    nominator.organisation.save()

    batch = import_it(nominator, table(row(expert_emails=expert.email, employer_code="91120116MA00000000")))

    assert (statuses(batch), faults_of(batch)) == (["failed"], [(2, "expert", "expert_has_conflict")])


def test_people_who_are_not_on_the_list_are_found_before_anything_is_applied(
    nominator: User, honours: RecognisedList
) -> None:
    identity = IdentityInput(kind="resident_id", number=resident_number(1))
    list_person(
        actor=None,
        recognised_list=honours,
        identity=identity,
        name="示例甲",
        source="示例",
        valid_from=timezone.localdate(),
        at=NOW,
    )

    batch = import_it(nominator, table(row(), another()))

    assert (statuses(batch), faults_of(batch)) == (["applied", "invalid"], [(3, "basis", "not_recognised")])


def test_a_title_on_the_list_is_proved_by_its_certificate(nominator: User, honours: RecognisedList) -> None:
    honours.entries.create(title_zh="称号", title_en="Title", source="示例", valid_from=timezone.localdate())

    batch = import_it(nominator, table(row(qualification_file="degree.pdf"), another()), archive(**FILES))

    assert statuses(batch) == ["applied", "invalid"]
    assert faults_of(batch) == [(3, "qualification_file", "title_not_proved")]


def test_check_asks_as_much_for_three_as_for_one(nominator: User, honours: RecognisedList) -> None:
    ask_of(experts_needed=1)
    counts = []
    for size in (1, 3, 3):
        rows = [row(identity_number=resident_number(each), expert_emails=ExpertFactory().email) for each in range(size)]
        with CaptureQueriesContext(connection) as context:
            send(nominator, table(*rows))
        counts.append(len(context))

    # The first also asks for the nominator's roles.
    assert counts[1] == counts[2] <= counts[0]
