import pytest
from hypothesis import given
from hypothesis import strategies as st
from talentcard_verifier.names import ELLIPSIS, bound_display_name, graphemes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海河", ["海", "河"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("葛\U000e0101城", ["葛\U000e0101", "城"]),
        ("각", ["각"]),
        ("각가", ["각", "가"]),
        ("한국", ["한", "국"]),
        ("가\u11a8나", ["가\u11a8", "나"]),
        ("🇨🇳🇩🇪🇫", ["🇨🇳", "🇩🇪", "🇫"]),
        ("👩\u200d🔬a", ["👩\u200d🔬", "a"]),
        ("👍🏽!", ["👍🏽", "!"]),
        ("क्षि", ["क्षि"]),
        ("ｶﾞ", ["ｶﾞ"]),
        ("กำ", ["กำ"]),
        ("\u0301a", ["\u0301", "a"]),
        ("", []),
    ],
)
def test_graphemes_are_what_a_reader_sees_as_one_character(text: str, expected: list[str]) -> None:
    assert list(graphemes(text)) == expected


@pytest.mark.parametrize(
    ("name", "max_bytes", "expected"),
    [
        ("欧阳海河", 12, "欧阳海河"),
        ("欧阳海河", 11, "欧阳…"),
        ("阿卜杜热合曼·买买提", 24, "阿卜杜热合曼·…"),
        ("Jose\u0301 Mari\u0301a", 8, "Jos…"),
        ("Jose\u0301 Mari\u0301a", 10, "Jose\u0301…"),
        ("🇨🇳🇩🇪", 14, "🇨🇳…"),
        ("a" + "\u0301" * 40, 9, "a\u0301\u0301…"),
    ],
)
def test_bound_display_name_cuts_between_characters(name: str, max_bytes: int, expected: str) -> None:
    assert bound_display_name(name, max_bytes) == expected


@given(st.text(min_size=1, max_size=80))
def test_bound_display_name_never_exceeds_the_bound_and_keeps_the_beginning(name: str) -> None:
    bounded = bound_display_name(name)

    assert 0 < len(bounded.encode()) <= 54
    assert bounded == name or name.startswith(bounded.removesuffix(ELLIPSIS))


@given(st.text(max_size=40))
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text


def test_bound_display_name_refuses_a_bound_below_one_character() -> None:
    with pytest.raises(ValueError, match="5 bytes"):
        bound_display_name("海河海河", 5)
