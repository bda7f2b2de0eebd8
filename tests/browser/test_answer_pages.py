"""An expert is named, asked by e-mail, and answers, in a real browser."""

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone
from playwright.sync_api import expect

from cards.nominations import operations
from cards.nominations.choices import AnswerStatus, Asked
from talentcard.accounts.models import User
from tests.browser.conftest import BOTH, Visit, faults_of
from tests.factories.experts import ExpertFactory, ask_of, tokens_to
from tests.factories.nominations import make_draft, make_policy

WORDS = {
    "zh-hans": ("查询", "指定王小明", "确认", "同意", "提交答复", "您的答复已记录", "链接无效"),
    "en": (
        "Search",
        "Name 王小明",
        "I confirm it",
        "I consent",
        "Send the answer",
        "answer was recorded",
        "does not",
    ),
}


@BOTH
def test_an_expert_is_named_and_answers_as_the_nominee_does(
    visit: Callable[..., Visit],
    transactional_db: None,
    nominator: User,
    run_outbox: Callable[[], int],
    mailoutbox: list[EmailMessage],
    size: dict[str, int],
    language: str,
) -> None:
    search, name, confirm, consent, send, recorded, dead = WORDS[language]
    make_policy()
    ask_of(experts_needed=1, needs_consent=True)
    expert = ExpertFactory(name="王小明")
    nomination = make_draft(nominator)
    filer = visit(nominator, size=size, language=language)
    page = filer.open(f"/nominations/{nomination.pk}/experts/")
    page.locator("#id_q").fill("小明")
    page.get_by_role("button", name=search).click()
    assert faults_of(filer) == []
    page.get_by_role("button", name=name).click()
    expect(page.locator("#asked ~ ul")).to_contain_text("王小明")
    operations.submit(actor=nominator, nomination=nomination, at=timezone.now())
    filer.faults.clear()
    filer.open(f"/nominations/{nomination.pk}/")
    assert faults_of(filer) == []
    run_outbox()

    for address, choice in ((expert.email, confirm), (nomination.email, consent)):
        [token] = tokens_to(address, mailoutbox)
        guest = visit(size=size, language=language)
        page = guest.open(f"/nominations/answer/?t={token}")
        assert faults_of(guest) == []
        guest.faults.clear()
        page.get_by_label(choice, exact=True).check()
        page.locator("#id_words").fill("属实。")
        page.get_by_role("button", name=send).click()
        expect(page.get_by_text(recorded)).to_be_visible()
        assert faults_of(guest) == []
        page = visit(size=size, language=language).open(f"/nominations/answer/?t={token}")
        expect(page.get_by_role("heading", name=dead)).to_be_visible()

    given: Any = nomination.answer_requests.values_list("asked", "status")
    assert dict(given) == {Asked.EXPERT: AnswerStatus.CONFIRMED, Asked.NOMINEE: AnswerStatus.CONFIRMED}
