from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talentcard_verifier import Grade, LiveStatus, Outcome, Purpose, Reason, check
from talentcard_verifier.texts import GRADES, OUTCOMES, REASONS

from tests.verifier.conftest import AT, Issuer

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PLACES = st.integers(0, 10_000)
ONE_ISSUER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)


def _is_green(issuer: Issuer, text: str) -> bool:
    return check(text, keys=issuer.keys, lists=issuer.lists(), at=AT).outcome is Outcome.GREEN


@given(place=PLACES, character=st.one_of(st.sampled_from(ALPHABET + ALPHABET.lower() + "0189=#"), st.characters()))
@ONE_ISSUER
def test_a_text_with_one_character_changed_is_never_green(issuer: Issuer, place: int, character: str) -> None:
    code = issuer.encode()
    place %= len(code)
    changed = code[:place] + character + code[place + 1 :]

    assert _is_green(issuer, changed) is (changed == code)


@given(place=PLACES, extra=st.one_of(st.text(min_size=1, max_size=9), st.text(ALPHABET + "=#", min_size=1, max_size=9)))
@ONE_ISSUER
def test_a_text_with_something_put_in_is_never_green(issuer: Issuer, place: int, extra: str) -> None:
    code = issuer.encode()
    place %= len(code) + 1

    assert not _is_green(issuer, code[:place] + extra + code[place:])


@given(start=PLACES, length=st.integers(1, 40))
@ONE_ISSUER
def test_a_text_with_something_left_out_is_never_green(issuer: Issuer, start: int, length: int) -> None:
    code = issuer.encode()
    start %= len(code)

    assert not _is_green(issuer, code[:start] + code[start + length :])


def test_every_other_last_character_and_padding_is_refused(issuer: Issuer) -> None:
    for size in range(8):
        code = issuer.encode(display_name="n" * (size + 1))

        assert _is_green(issuer, code)
        assert [last for last in ALPHABET if _is_green(issuer, code[:-1] + last)] == [code[-1]]
        assert not any(_is_green(issuer, code + "=" * padding) for padding in range(1, 8))


def test_live_status_gives_the_grade_live_under_the_same_rules(issuer: Issuer) -> None:
    housing = Purpose(code="housing", minimum_grade=Grade.LIVE)

    def verdict_for(value: int | None) -> tuple[Reason, Grade | None]:
        source = LiveStatus(lambda uri, index: value)
        verdict = check(issuer.encode(), keys=issuer.keys, lists=source, at=AT, purpose=housing)
        return verdict.reason, verdict.grade

    assert [verdict_for(value) for value in (0, 1, 2, 3, None)] == [
        (Reason.VALID, Grade.LIVE),
        (Reason.REVOKED, Grade.LIVE),
        (Reason.SUSPENDED, Grade.LIVE),
        (Reason.SUPERSEDED, Grade.LIVE),
        (Reason.STATUS_OUT_OF_RANGE, None),
    ]


def test_as_dict_is_what_json_shows(issuer: Issuer) -> None:
    bus = Purpose(code="bus")
    verdict = check(
        issuer.encode(), keys=issuer.keys, lists=issuer.lists(), at=AT + timedelta(seconds=901), purpose=bus
    )

    assert verdict.as_dict() == {
        "outcome": "green",
        "reason": "valid",
        "grade": "offline_stale",
        "list_age": 901,
        "purpose": "bus",
        "card": {
            "issuer": "https://card.example",
            "number": "HH2600000016",
            "tier": "A",
            "name": "欧阳海河",
            "kind": "static",
            "issued_at": "2026-03-02T09:30:00+00:00",
            "expires_at": "2029-01-25T09:30:00+00:00",
        },
    }


def test_nothing_of_a_code_is_shown_before_its_signature_is_proven(issuer: Issuer) -> None:
    code = issuer.encode()
    forged = code[:-8] + ("A" if code[-8] != "A" else "B") + code[-7:]

    verdict = check(forged, keys=issuer.keys, lists=issuer.lists(), at=AT)

    assert verdict.as_dict() == {
        "outcome": "red",
        "reason": "bad_signature",
        "grade": None,
        "list_age": None,
        "purpose": None,
        "card": None,
    }


def test_every_reason_grade_and_outcome_has_words_in_both_languages() -> None:
    assert (set(REASONS), set(GRADES), set(OUTCOMES)) == (set(Reason), set(Grade), set(Outcome))
    texts = [*GRADES.values(), *OUTCOMES.values()]
    texts += [text for words in REASONS.values() for text in (words.finding, words.advice)]
    assert all(text.zh and text.en and text.zh != text.en for text in texts)
    assert texts[0].in_language("zh-hans") == texts[0].zh
    assert texts[0].in_language("en") == texts[0].en
