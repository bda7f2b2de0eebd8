"""The whole procedure through the pages: two nominators, a clerk, both reviewers, an objector, two issuers, an import.

Each person has a window of their own, on a phone or at a desk, in Chinese or English. What waits for a worker is done
in between; days pass by running the periodic work at a later time.
"""

import datetime as dt
import io
import itertools
from collections.abc import Callable

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cards.issuance.choices import CardStatus
from cards.issuance.models import Basis, PolicyVersion, TalentCard
from cards.nominations import operations
from cards.nominations.choices import EvidenceKind, Outcome
from cards.nominations.choices import NominationStatus as Status
from cards.nominations.models import Nomination, RequiredDocument
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import User
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.cards.nominations.test_direct import listed
from tests.cards.nominations.test_imports import archive, row, sheet
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import PDF, complete, make_policy, nominee_input, resident_number

LETTER = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Longer than any notice of the sample policy.
LATER = dt.timedelta(days=30)
Cast = dict[str, Visit]


def url(name: str, *args: object) -> str:
    return reverse(f"nominations:{name}", args=args)


def look(window: Visit, path: str) -> Page:
    """Open a page, and look at it."""
    page = window.open(path)
    assert (path, window.faults, window.overflows()) == (path, [], False)
    return page


def press(window: Visit, selector: str) -> None:
    """Press the button that is there, and look at the page it leads to."""
    with window.page.expect_navigation():
        window.page.locator(selector).click()
    assert (window.page.url, window.faults, window.overflows()) == (window.page.url, [], False)


def case_of(name: str) -> Nomination:
    return Nomination.objects.exclude(status=Status.WITHDRAWN).get(talent__name=name)


def status_of(name: str) -> str:
    return case_of(name).status


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    policy = complete(make_policy())
    RequiredDocument.objects.filter(basis__code="overseas").delete()
    return policy


@pytest.fixture
def cast(
    visit: Callable[..., Visit], nominator: User, preliminary_reviewer: User, second_reviewer: User, issuer: User
) -> Cast:
    """Open the windows of everybody who has a part."""
    park = OrganisationFactory(kind=OrganisationKind.PARK_OFFICE, name_zh="滨海窗口", name_en="Binhai window")
    university = OrganisationFactory(name_zh="津门大学", name_en="Jinmen University")
    return {
        "laboratory": visit(nominator, size=PHONE, language="zh-hans"),
        "university": visit(
            give_role(UserFactory(organisation=university), Role.NOMINATOR), size=DESKTOP, language="en"
        ),
        "clerk": visit(give_role(UserFactory(organisation=park), Role.WINDOW_CLERK, district="binhai"), size=DESKTOP),
        "preliminary": visit(preliminary_reviewer, size=PHONE, language="en"),
        "second": visit(second_reviewer, size=DESKTOP, language="zh-hans"),
        "public": visit(size=PHONE, language="en"),
        "issuer": visit(issuer, size=DESKTOP, language="en"),
        "second issuer": visit(give_role(UserFactory(), Role.ISSUER), size=PHONE, language="zh-hans"),
    }


_serial = itertools.count(1)


def fill_in(window: Visit, name: str, basis: Basis, *, number: str = "", path: str = "nomination-create") -> None:
    """Fill in a nomination, and save it."""
    page = look(window, url(path))
    if path == "window-create":
        page.locator("#id_nominator").select_option(index=1)
    page.locator("#id_name").fill(name)
    page.locator("#id_identity_number").fill(number or resident_number(next(_serial)))
    page.locator("#id_email").fill("nominee@example.com")
    page.locator("#id_employer_name").fill("示例单位")
    page.locator("#id_district").select_option("binhai")
    page.locator("#id_basis_and_tier").select_option(f"{basis.pk}:{basis.policy.tiers.get(code='B').pk}")
    page.locator("#id_statement").fill("长期从事示例研究。")
    press(window, "form.panel button")


def attach(window: Visit, kind: EvidenceKind) -> None:
    form = "form[action$='/evidence/']"
    window.page.locator(f"{form} [name=kind]").select_option(kind)
    window.page.locator(f"{form} [name=file]").set_input_files(LETTER)
    press(window, f"{form} button")


def submit(window: Visit) -> None:
    """Submit the case that is open."""
    press(window, "a[href$='/submit/']")
    press(window, "main form button")


def refused_and_withdrawn(window: Visit) -> None:
    """Submit a case that somebody else has: it is refused, without a word of who that is; withdraw it."""
    press(window, "a[href$='/submit/']")
    with window.page.expect_response(lambda response: response.request.method == "POST") as refused:
        window.page.locator("main form button").click()
    assert refused.value.status == 400
    expect(window.page.locator("main .tone-bad")).to_be_visible()
    assert "Haihe Laboratory" not in window.page.content()
    # The browser's own word for a refusal.
    window.faults.clear()
    look(window, url("nomination-withdraw", Nomination.objects.get(status=Status.DRAFT).pk))
    press(window, "main form button")


def decide(
    window: Visit, name: str, outcome: Outcome, *, agrees: str = "", reason: str = "", missing: str = ""
) -> None:
    """Find a case in the inbox, open it, and decide it."""
    case = case_of(name)
    look(window, url("nomination-inbox"))
    press(window, f"a[href='{case.get_absolute_url()}'] >> nth=0")
    page, form = window.page, f"form[action='{url('nomination-review', case.pk)}']"
    if agrees:
        page.locator(f"{form} [name=agrees][value={agrees}]").check()
    page.locator(f"{form} [name=outcome][value={outcome}]").check()
    page.locator(f"{form} [name=reason]").fill(reason)
    page.locator(f"{form} [name=missing]").fill(missing)
    press(window, f"{form} button")


def nominate(cast: Cast, basis: Basis) -> None:
    """One by each nominator, one at a window; a person whom another has nominated is refused, and not by whom."""
    number = resident_number(next(_serial))
    fill_in(cast["laboratory"], "示例甲", basis, number=number)
    attach(cast["laboratory"], EvidenceKind.RECOMMENDATION)
    submit(cast["laboratory"])

    fill_in(cast["university"], "示例甲", basis, number=number)
    attach(cast["university"], EvidenceKind.RECOMMENDATION)
    refused_and_withdrawn(cast["university"])

    fill_in(cast["university"], "示例乙", basis)
    attach(cast["university"], EvidenceKind.RECOMMENDATION)
    submit(cast["university"])

    fill_in(cast["clerk"], "示例丙", basis, path="window-create")
    attach(cast["clerk"], EvidenceKind.RECOMMENDATION)
    attach(cast["clerk"], EvidenceKind.CONSENT)
    submit(cast["clerk"])

    assert [status_of(name) for name in ("示例甲", "示例乙", "示例丙")] == [Status.SUBMITTED] * 3


def review(cast: Cast) -> None:
    """One passes at once, one after a correction, one is rejected by the second reviewer against the first."""
    decide(cast["preliminary"], "示例甲", Outcome.PASS)
    decide(cast["preliminary"], "示例乙", Outcome.RETURN, reason="Not complete.", missing="The contract is missing.")
    decide(cast["preliminary"], "示例丙", Outcome.PASS)

    page = look(cast["university"], case_of("示例乙").get_absolute_url())
    expect(page.get_by_text("The contract is missing.").first).to_be_visible()
    attach(cast["university"], EvidenceKind.EMPLOYMENT)
    submit(cast["university"])
    decide(cast["preliminary"], "示例乙", Outcome.PASS)

    decide(cast["second"], "示例甲", Outcome.PASS, agrees="yes")
    decide(cast["second"], "示例乙", Outcome.PASS, agrees="yes")
    decide(cast["second"], "示例丙", Outcome.REJECT, agrees="no", reason="业绩与依据不符。")

    assert [status_of(name) for name in ("示例甲", "示例乙", "示例丙")] == [
        Status.AWAITING_NOTICE,
        Status.AWAITING_NOTICE,
        Status.REJECTED,
    ]


def publish(cast: Cast) -> None:
    """Both are released together; somebody objects to one, in vain; the notice ends, and both have their cards."""
    look(cast["second"], url("release-waiting"))
    for box in cast["second"].page.locator("[data-bulk-row]").all():
        box.check()
    press(cast["second"], ".bulk-bar button")
    press(cast["second"], ".confirm button")

    look(cast["public"], url("notice-list"))
    page = look(cast["public"], url("objection-create", case_of("示例甲").notice.pk))
    page.locator("#id_name").fill("Somebody")
    page.locator("#id_contact").fill("somebody@example.com")
    page.locator("#id_text").fill("The paper is by somebody else.")
    press(cast["public"], "main form button")
    operations.close_due_notices(at=timezone.now() + LATER)
    assert [status_of("示例甲"), status_of("示例乙")] == [Status.PUBLIC_NOTICE, Status.APPROVED]

    page = look(cast["second"], case_of("示例甲").get_absolute_url())
    page.locator("form[action*='/objections/'] [value=dismiss]").check()
    page.locator("form[action*='/objections/'] textarea").fill("经核实，论文系本人所作。")
    press(cast["second"], "form[action*='/objections/'] button")
    operations.close_due_notices(at=timezone.now() + LATER)
    assert status_of("示例甲") == Status.APPROVED


def issue_directly(cast: Cast, basis: Basis) -> None:
    """A person on the recognised list: one officer proposes, another confirms."""
    person = nominee_input(name="示例丁")
    listed(basis, person)
    page = look(cast["issuer"], url("direct-create"))
    page.locator("#id_name").fill(person.name)
    page.locator("#id_identity_number").fill(person.identity.number)
    page.locator("#id_email").fill(person.email)
    page.locator("#id_district").select_option("binhai")
    page.locator("#id_basis_and_tier").select_option(f"{basis.pk}:{basis.policy.tiers.get(code='A').pk}")
    press(cast["issuer"], "main form button")

    look(cast["second issuer"], url("direct-list"))
    press(cast["second issuer"], "tbody a >> nth=0")
    press(cast["second issuer"], "button[name=decision][value=confirm]")


def import_them(cast: Cast, run_outbox: Callable[[], int]) -> None:
    """Of two rows one is wrong; the error report is corrected and sent again: what is applied stays as it is."""
    good = row(name="示例戊", identity_number=resident_number(next(_serial)))
    wrong = row(name="示例己", identity_number=resident_number(next(_serial)), tier="Z")
    hand_in(cast["university"], sheet(good, wrong).read(), run_outbox)
    page = cast["university"].page
    with page.expect_download() as download:
        page.locator("a[href$='/report/']").click()
    press(cast["university"], "form[action$='/apply/'] button")
    run_outbox()

    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    cells = {cell.value: cell for line in book.active.iter_rows() for cell in line}
    cells["Z"].value = "B"
    corrected = io.BytesIO()
    book.save(corrected)
    hand_in(cast["university"], corrected.getvalue(), run_outbox)
    press(cast["university"], "form[action$='/apply/'] button")
    run_outbox()
    look(cast["university"], url("nomination-list"))

    assert [status_of(name) for name in ("示例戊", "示例己")] == [Status.SUBMITTED] * 2


def hand_in(window: Visit, content: bytes, run_outbox: Callable[[], int]) -> None:
    page = look(window, url("nomination-import"))
    page.locator("[name=workbook]").set_input_files({"name": "rows.xlsx", "mimeType": XLSX, "buffer": content})
    evidence = {"name": "evidence.zip", "mimeType": "application/zip", "buffer": archive(letter=PDF).read()}
    page.locator("[name=evidence]").set_input_files(evidence)
    press(window, "main form button")
    run_outbox()
    look(window, page.url.removeprefix(window.base_url))


def test_the_whole_procedure(policy: PolicyVersion, cast: Cast, run_outbox: Callable[[], int]) -> None:
    laboratory, overseas = (policy.bases.get(code=code) for code in ("laboratory", "overseas"))

    nominate(cast, laboratory)
    review(cast)
    publish(cast)
    issue_directly(cast, overseas)
    import_them(cast, run_outbox)
    run_outbox()

    carded = TalentCard.objects.filter(status=CardStatus.ACTIVE).values_list("holder__name", flat=True)
    assert sorted(carded) == ["示例丁", "示例乙", "示例甲"]
    assert not any(window.faults for window in cast.values())
