"""What a decision says, as it is frozen with it: plain data, once in each language."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import translation


@dataclass(frozen=True, kw_only=True)
class DecisionText:
    """A decision in one language.

    :param addressees: the names of whom it is addressed to
    :param outcome: what is decided, in a sentence
    :param facts: what it is about, as names and values
    :param reasons: why, in paragraphs; empty where it grants what was asked for
    :param ground: the law it rests on
    :param remedies: what the addressees may do about it, in paragraphs
    :param note: what else must be said of it, such as that its policy is sample data
    """

    title: str
    office: str
    addressees: tuple[str, ...]
    outcome: str
    facts: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    ground: str
    remedies: tuple[str, ...]
    note: str = ""


def freeze(write: Callable[[], DecisionText], **identity: str) -> str:
    """Return a decision's content in every language of the service, as canonical JSON.

    :param write: writes the text in the language that is active when it is called
    :param identity: what names the document, such as its number: part of what is hashed
    """
    texts = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts[code] = asdict(write())
    return json.dumps({**identity, "texts": texts}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(content: str, language: str) -> DecisionText:
    """Return the text of frozen content in a language.

    :raises KeyError: if it was not written in that language
    """
    data: dict[str, Any] = json.loads(content)["texts"][language]
    return DecisionText(
        **{
            **data,
            "addressees": tuple(data["addressees"]),
            "facts": tuple((label, value) for label, value in data["facts"]),
            "reasons": tuple(data["reasons"]),
            "remedies": tuple(data["remedies"]),
        }
    )


def fingerprint(content: str) -> str:
    """Return the SHA-256 of frozen content, in hex."""
    return hashlib.sha256(content.encode()).hexdigest()
