"""Everything a user sees exists in Chinese and English."""

import re

from django.utils.translation import gettext, override

from tests import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def _django_translates(text: str) -> bool:
    # Words Django itself translates need no entry of ours.
    with override("zh-hans"):
        return gettext(text) != text


def test_every_message_has_a_chinese_translation() -> None:
    known = messages.translations()

    missing = {
        text: files[0]
        for text, files in messages.source_messages().items()
        if not known.get(text) and not _django_translates(text)
    }

    assert missing == {}


def test_translations_keep_the_placeholders() -> None:
    broken = [
        text
        for text, translated in messages.translations().items()
        if translated and sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(translated))
    ]

    assert broken == []


def test_catalogues_hold_nothing_that_is_no_longer_said() -> None:
    said = messages.source_messages()

    stale = {
        path: [text for text in _ids(catalogue) if text not in said]
        for path, catalogue in messages.catalogues().items()
    }

    assert {path: texts for path, texts in stale.items() if texts} == {}


def _ids(catalogue: messages.Catalog) -> list[str]:
    return [message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue if message.id]
