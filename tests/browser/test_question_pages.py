"""An officer asks, the nominator answers, in a real browser."""

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import expect

from cards.nominations import operations
from cards.nominations.models import Question
from talentcard.accounts.models import User
from tests.browser.conftest import Visit, faults_of, faulty_pages
from tests.factories.nominations import make_submitted


def test_an_officer_asks_and_the_nominator_answers(
    visit: Callable[..., Visit], nominator: User, preliminary_reviewer: User
) -> None:
    case = make_submitted(nominator)
    path = case.get_absolute_url()
    officer = visit(preliminary_reviewer, language="en")
    page = officer.open(path)
    page.get_by_text("Ask the nominator a question").click()
    page.locator("#id_topic").select_option("statement")
    page.locator("#id_text").fill("聘期到哪一天？")
    assert faults_of(officer) == []
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("clock stopped")).to_be_visible()
    assert faults_of(officer) == []
    operations.ask_question(actor=preliminary_reviewer, nomination=case, text="哪家医院？", at=timezone.now())
    assert faulty_pages(visit, {nominator: [path], preliminary_reviewer: ["/nominations/inbox/"]}) == []

    page = visit(nominator, language="en").open(path)
    page.get_by_label("Answer").first.fill("到2029年底。")
    page.get_by_role("button", name="Send the answer").first.click()
    expect(page.locator("blockquote")).to_contain_text("到2029年底。")

    assert Question.objects.open().count() == 1
    assert faulty_pages(visit, {nominator: [path], preliminary_reviewer: [path]}) == []
