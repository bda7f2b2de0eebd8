import datetime as dt
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from talentcard_verifier import Reason as VerifierReason
from talentcard_verifier import TrustedKeys, parse

from cards.credentials.choices import StatusValue
from cards.credentials.models import StatusEntry
from cards.issuance.models import CardEdition, TalentCard
from cards.talents.models import Talent
from cards.verification import lookups
from cards.verification.choices import Channel, Field, Outcome, Reason
from cards.verification.models import Desk, Purpose, VerificationAttempt
from cards.verification.operations import MAX_TEXT, NonceReused, VerificationResult, verify_code
from cards.verification.texts import explain
from talentcard.accounts.models import PartnerSystem, User
from talentcard.core.errors import NotAllowed
from tests.cards.verification.codes import REGISTER, SPELLINGS, code_of, entry_of
from tests.factories.issuance import make_active_card
from tests.factories.verification import DeskFactory, PurposeFactory


def check(code: str, system: PartnerSystem, purpose: Purpose | None, **changes: Any) -> VerificationResult:
    fields: dict[str, Any] = {
        "code": code,
        "purpose": purpose,
        "system": system,
        "channel": Channel.API,
        "nonce": uuid.uuid4().hex,
        "at": timezone.now(),
    }
    return verify_code(**{**fields, **changes})


def test_verify_code_shows_what_the_purpose_allows(
    card: TalentCard, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    result = check(code, system, purpose)

    edition = CardEdition.objects.get(card=card)
    assert result.outcome == Outcome.VALID
    assert result.reason == Reason.VALID
    assert result.fields == {
        Field.NAME: parse(code).claims.display_name,
        Field.TIER: card.tier.code,
        Field.CARD_NUMBER: card.number,
        Field.VALID_UNTIL: timezone.localdate(parse(code).claims.expires_at).isoformat(),
    }
    assert (result.card_number, result.edition_id) == (card.number, edition.pk)


def test_verify_code_records_who_asked_for_what(
    card: TalentCard, code: str, system: PartnerSystem, purpose: Purpose, desk: Desk
) -> None:
    at = timezone.now()

    result = check(code, system, purpose, desk=desk, at=at, nonce="n-1")

    attempt = VerificationAttempt.objects.get()
    assert attempt.pk == result.attempt_id
    assert (attempt.at, attempt.channel, attempt.nonce) == (at, Channel.API, "n-1")
    assert (attempt.desk, attempt.system, attempt.user, attempt.purpose) == (desk, system, None, purpose)
    assert attempt.edition == CardEdition.objects.get(card=card)
    assert (attempt.reason, attempt.outcome) == (Reason.VALID, Outcome.VALID)
    assert attempt.fields_shown == "name tier card_number valid_until"


def test_verify_code_keeps_neither_code_nor_name(
    card: TalentCard, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    check(code, system, purpose)

    stored = " ".join(str(value) for value in VerificationAttempt.objects.values_list().get())
    assert code not in stored
    assert parse(code).claims.display_name not in stored
    assert card.number not in stored


@pytest.mark.parametrize(("happens", "reason"), REGISTER)
def test_verify_code_follows_the_register(
    happens: Callable[[TalentCard], None],
    reason: Reason,
    card: TalentCard,
    code: str,
    system: PartnerSystem,
    purpose: Purpose,
) -> None:
    assert check(code, system, purpose).reason == Reason.VALID

    happens(card)
    result = check(code, system, purpose)

    assert result.reason == reason
    assert VerificationAttempt.objects.get(pk=result.attempt_id).reason == reason
    assert bool(result.fields) is result.is_valid


@pytest.mark.parametrize(("spell", "reason"), SPELLINGS)
def test_verify_code_refuses_and_records_what_is_no_code_of_ours(
    spell: Callable[[str], str], reason: Reason, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    result = check(spell(code), system, purpose)

    attempt = VerificationAttempt.objects.get()
    assert (result.reason, result.fields, result.edition_id) == (reason, {}, None)
    assert (attempt.reason, attempt.edition, attempt.fields_shown) == (reason, None, "")


def test_verify_code_takes_the_printed_address(code: str, system: PartnerSystem, purpose: Purpose) -> None:
    result = check(f"{settings.CODE_BASE_URL}/V#{code}", system, purpose)
    again = check(code, system, purpose)

    assert result.is_valid
    hashes = set(VerificationAttempt.objects.values_list("code_hash", flat=True))
    assert again.is_valid
    assert len(hashes) == 1


def test_verify_code_says_expired_before_revoked(
    card: TalentCard, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    StatusEntry.objects.filter(pk=entry_of(card).pk).update(value=StatusValue.REVOKED)

    result = check(code, system, purpose, at=parse(code).claims.expires_at)

    # The offline verdict's order. The card is known all the same, and its holder sees the attempt.
    assert result.reason == Reason.EXPIRED
    assert VerificationAttempt.objects.get().edition == CardEdition.objects.get(card=card)


def test_verify_code_refuses_a_code_from_the_future(code: str, system: PartnerSystem, purpose: Purpose) -> None:
    before = parse(code).claims.issued_at - dt.timedelta(minutes=5)

    assert check(code, system, purpose, at=before).reason == Reason.NOT_YET_VALID


def test_verify_code_sees_a_reinstated_card_at_once(
    card: TalentCard, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    entries = StatusEntry.objects.filter(pk=entry_of(card).pk)
    reasons = []
    for value in (StatusValue.SUSPENDED, StatusValue.VALID, StatusValue.SUSPENDED):
        entries.update(value=value)
        reasons.append(check(code, system, purpose).reason)

    assert reasons == [Reason.SUSPENDED, Reason.VALID, Reason.SUSPENDED]


def test_verify_code_repeated_with_its_nonce_is_one_record(
    card: TalentCard, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    first = check(code, system, purpose, nonce="n-1")
    StatusEntry.objects.filter(pk=entry_of(card).pk).update(value=StatusValue.REVOKED)
    second = check(code, system, purpose, nonce="n-1")

    assert VerificationAttempt.objects.count() == 1
    assert (second.attempt_id, second.reason, second.fields) == (first.attempt_id, Reason.VALID, first.fields)
    assert (first.is_replay, second.is_replay) == (False, True)
    assert abs(second.at - first.at) < dt.timedelta(milliseconds=1)
    assert check(code, system, purpose, nonce="n-2").reason == Reason.REVOKED


def test_verify_code_repeated_inside_a_transaction_is_one_record(
    code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    with transaction.atomic():
        first = check(code, system, purpose, nonce="n-1")
        second = check(code, system, purpose, nonce="n-1")

    assert second.attempt_id == first.attempt_id


def test_verify_code_refuses_a_nonce_used_for_another_code(code: str, system: PartnerSystem, purpose: Purpose) -> None:
    check(code, system, purpose, nonce="n-1")

    with pytest.raises(NonceReused):
        check(f"{code}A", system, purpose, nonce="n-1")
    assert VerificationAttempt.objects.count() == 1


def test_verify_code_undone_with_its_callers_transaction(code: str, system: PartnerSystem, purpose: Purpose) -> None:
    with transaction.atomic():
        check(code, system, purpose)
        transaction.set_rollback(True)

    assert not VerificationAttempt.objects.exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_verify_code_refuses_and_records_a_purpose_that_no_desk_has(
    is_known: bool, card: TalentCard, code: str, system: PartnerSystem
) -> None:
    result = check(code, system, PurposeFactory() if is_known else None)

    attempt = VerificationAttempt.objects.get()
    assert (result.reason, result.fields) == (Reason.PURPOSE_NOT_ALLOWED, {})
    assert attempt.reason == Reason.PURPOSE_NOT_ALLOWED
    # Whose card it was is recorded: the holder sees that somebody tried.
    assert attempt.edition == CardEdition.objects.get(card=card)


@pytest.mark.parametrize("closed", ["purpose", "desk"])
def test_verify_code_refuses_what_was_closed(
    closed: str, code: str, system: PartnerSystem, purpose: Purpose, desk: Desk
) -> None:
    entry = {"purpose": purpose, "desk": desk}[closed]
    entry.is_active = False
    entry.save()

    assert check(code, system, purpose).reason == Reason.PURPOSE_NOT_ALLOWED


def test_verify_code_shows_only_the_fields_of_the_purpose(code: str, system: PartnerSystem, desk: Desk) -> None:
    hospital = PurposeFactory(fields=[Field.TIER])
    gate = PurposeFactory(fields=[])
    masked = PurposeFactory(fields=[Field.MASKED_NAME])
    desk.purposes.set([hospital, gate, masked])

    shown = [check(code, system, purpose).fields for purpose in (hospital, gate, masked)]

    claims = parse(code).claims
    assert shown == [{Field.TIER: claims.tier}, {}, {Field.MASKED_NAME: f"{claims.display_name[0]}＊＊"}]


def test_verify_code_names_nobody_under_secrecy(
    card: TalentCard, code: str, system: PartnerSystem, purpose: Purpose
) -> None:
    Talent.objects.filter(pk=card.holder_id).update(is_secret=True)

    partners = check(code, system, purpose)
    anybody = verify_code(code=code, purpose=None, channel=Channel.PUBLIC, nonce="n", at=timezone.now())

    assert partners.is_valid
    assert partners.fields == {Field.TIER: card.tier.code}
    assert anybody.fields == {Field.TIER: card.tier.code}
    assert set(VerificationAttempt.objects.values_list("fields_shown", flat=True)) == {"tier"}


def test_verify_code_for_anybody_masks_the_name(card: TalentCard, code: str) -> None:
    result = verify_code(code=code, purpose=None, channel=Channel.PUBLIC, nonce="n", at=timezone.now())

    attempt = VerificationAttempt.objects.get()
    assert set(result.fields) == {Field.MASKED_NAME, Field.TIER, Field.VALID_UNTIL}
    assert result.fields[Field.MASKED_NAME] == f"{parse(code).claims.display_name[0]}＊＊"
    assert (attempt.channel, attempt.desk, attempt.system, attempt.user) == (Channel.PUBLIC, None, None, None)


def test_verify_code_at_a_desk_needs_its_own_partner(
    code: str, desk: Desk, foreign_desk: Desk, purpose: Purpose, partner: User, outsider: User, auditor: User
) -> None:
    def at_desk(actor: User, where: Desk) -> VerificationResult:
        return verify_code(
            actor=actor,
            code=code,
            purpose=purpose,
            desk=where,
            channel=Channel.DESK,
            nonce=uuid.uuid4().hex,
            at=timezone.now(),
        )

    for actor, where in ((outsider, desk), (auditor, desk), (partner, foreign_desk)):
        with pytest.raises(NotAllowed):
            at_desk(actor, where)
    assert not VerificationAttempt.objects.exists()
    assert at_desk(partner, desk).is_valid
    assert VerificationAttempt.objects.get().user == partner


def test_verify_code_by_a_system_refuses_another_organisations_desk(
    code: str, system: PartnerSystem, purpose: Purpose, foreign_desk: Desk
) -> None:
    with pytest.raises(NotAllowed):
        check(code, system, purpose, desk=foreign_desk)

    assert not VerificationAttempt.objects.exists()


def test_verify_code_knows_a_new_key_at_once(code: str, system: PartnerSystem, purpose: Purpose) -> None:
    # Kept two seconds ago, before another process made the key: nothing was announced here.
    lookups._keys._entries[None] = (time.monotonic() - 2, TrustedKeys([]))

    assert check(code, system, purpose).reason == Reason.VALID


def test_verify_code_takes_one_statement(
    code: str, system: PartnerSystem, purpose: Purpose, django_assert_num_queries: Any
) -> None:
    system = PartnerSystem.objects.prefetch_related("organisation__desks__purposes").get(pk=system.pk)
    check(code, system, purpose)

    with django_assert_num_queries(1):
        check(code, system, purpose)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(max_size=MAX_TEXT + 10),
        st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=600),
        st.text(max_size=40).map(lambda tail: f"HTTP://127.0.0.1:8000/V#{tail}"),
    )
)
def test_verify_code_records_whatever_it_is_given(text: str, system: PartnerSystem, purpose: Purpose) -> None:
    result = check(text, system, purpose)

    assert result.reason in (Reason.UNREADABLE, Reason.UNSUPPORTED_VERSION)
    assert VerificationAttempt.objects.filter(pk=result.attempt_id).exists()


def test_reasons_are_those_of_the_verifier() -> None:
    ours = {Reason.UNKNOWN_CODE, Reason.PURPOSE_NOT_ALLOWED}
    offline_only = {"status_out_of_range", "status_unknown", "status_stale", "grade_too_low"}

    assert set(Reason.values) - set(ours) == {reason.value for reason in VerifierReason} - offline_only


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained_in_both_languages(reason: Reason, db: None) -> None:
    with override("zh-hans"):
        chinese = explain(reason)
    with override("en"):
        english = explain(reason)

    for words in (chinese.finding, chinese.advice):
        assert str(words).endswith("。")
    for words in (english.finding, english.advice):
        assert str(words).endswith(".")
        assert str(words).isascii()


def test_desk_allows_only_its_own_purposes(purpose: Purpose) -> None:
    desk = DeskFactory(purposes=[purpose])

    assert desk.allows(purpose)
    assert not desk.allows(PurposeFactory())


def test_two_cards_have_two_hashes(card: TalentCard, system: PartnerSystem, purpose: Purpose) -> None:
    for each in (card, make_active_card()):
        check(code_of(each), system, purpose)

    assert VerificationAttempt.objects.values("code_hash").distinct().count() == 2
