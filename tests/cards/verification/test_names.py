import pytest

from cards.verification.names import mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王＊＊"),
        ("王明", "王＊＊"),
        ("阿卜杜拉·买买提", "阿＊＊"),
        ("𠮷田", "𠮷＊＊"),
        ("葛\U000e0100城", "葛\U000e0100＊＊"),
        ("Zoë Müller", "Z＊＊"),
        ("E\u0301mile", "E\u0301＊＊"),
        ("", "＊＊"),
    ],
)
def test_mask_name_leaves_one_whole_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked
