"""An expert is named, asked by e-mail, and answers, in a real browser."""

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone
from playwright.sync_api import expect

from cards.nominations import operations
from cards.nominations.choices import AnswerStatus, Asked
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faults_of, faulty_pages
from tests.factories.experts import ExpertFactory, ask_of, tokens_to
from tests.factories.nominations import make_draft, make_policy


def test_an_expert_is_named_and_answers_as_the_nominee_does(
    visit: Callable[..., Visit],
    transactional_db: None,
    nominator: User,
    run_outbox: Callable[[], int],
    mailoutbox: list[EmailMessage],
) -> None:
    make_policy()
    ask_of(experts_needed=1, needs_consent=True)
    expert = ExpertFactory(name="王小明")
    nomination = make_draft(nominator)
    filer = visit(nominator, language="en")
    page = filer.open(f"/nominations/{nomination.pk}/experts/")
    page.locator("#id_q").fill("小明")
    page.get_by_role("button", name="Search").click()
    assert faults_of(filer) == []
    page.get_by_role("button", name="Name 王小明").click()
    expect(page.locator("#asked ~ ul")).to_contain_text("王小明")
    operations.submit(actor=nominator, nomination=nomination, at=timezone.now())
    assert faulty_pages(visit, {nominator: [f"/nominations/{nomination.pk}/"]}) == []
    run_outbox()

    for address, choice in ((expert.email, "I confirm it"), (nomination.email, "I consent")):
        [token] = tokens_to(address, mailoutbox)
        path = f"/nominations/answer/?t={token}"
        assert faulty_pages(visit, {None: [path]}) == []
        guest = visit(language="en")
        page = guest.open(path)
        page.get_by_label(choice, exact=True).check()
        page.locator("#id_words").fill("属实。")
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("answer was recorded")).to_be_visible()
        assert faults_of(guest) == []
        page = visit(language="en").open(path)
        expect(page.get_by_role("heading", name="does not")).to_be_visible()

    given: Any = nomination.answer_requests.values_list("asked", "status")
    assert dict(given) == {Asked.EXPERT: AnswerStatus.CONFIRMED, Asked.NOMINEE: AnswerStatus.CONFIRMED}
