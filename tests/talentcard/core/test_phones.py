import pytest

from talentcard.core.phones import masked, to_e164


@pytest.mark.parametrize(
    "written",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "138–0000—1234",
        "１３８００００１２３４",
        " +86 138 0000 1234 ",
        "＋８６１３８００００１２３４",
        "(+86)13800001234",
        "86 13800001234",
        "008613800001234",
    ],
)
def test_to_e164_spells_a_mainland_mobile_in_one_way(written: str) -> None:
    assert to_e164(written) == "+8613800001234"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("+44 (0)7911 123456", "+447911123456"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_to_e164_keeps_the_country_of_a_foreign_number(written: str, expected: str) -> None:
    assert to_e164(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "none",
        "022-23456789",
        "+86 22 2345 6789",
        "12800001234",
        "1380000123",
        "138000012345",
        "13800001234/13900001234",
        "13800001234 ext. 5",
        "0612345678",
        "9123 4567",
        "+0123456789",
        "+12345",
        "+1234567890123456",
        "+86+8613800001234",
    ],
)
def test_to_e164_leaves_out_what_no_text_message_reaches(written: str) -> None:
    assert to_e164(written) == ""


def test_masked_shows_the_last_digits_only() -> None:
    assert masked("+8613800001234") == "•••• 1234"
    assert masked("") == ""
