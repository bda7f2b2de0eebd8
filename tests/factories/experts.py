"""Experts of the register, and bases that ask for them."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import factory
from django.core.mail import EmailMessage

from cards.issuance.models import Basis
from cards.nominations.models import RecognisedExpert, email_index


class ExpertFactory(factory.django.DjangoModelFactory[RecognisedExpert]):
    class Meta:
        model = RecognisedExpert

    name = factory.Sequence(lambda n: f"专家{n}")
    title = "教授"
    organisation_name = factory.Sequence(lambda n: f"示例大学{n}")
    field = "材料科学"
    email = factory.Sequence(lambda n: f"expert{n}@example.com")
    email_index = factory.LazyAttribute(lambda expert: email_index(expert.email))


def ask_of(basis: str = "laboratory", **wanted: Any) -> None:
    """Let a basis of the policy ask for experts, consent, or both."""
    Basis.objects.filter(code=basis).update(**wanted)


def token_in(email: EmailMessage) -> str:
    """Return what the link of an e-mail carries."""
    found = re.search(r"http\S+", str(email.body))
    assert found, email.body
    return parse_qs(urlsplit(found.group()).query)["t"][0]


def tokens_to(address: str, mails: Sequence[EmailMessage]) -> list[str]:
    """Return what the links carry that an address was sent, in order; other e-mails are left out."""
    return [token_in(mail) for mail in mails if mail.to == [address] and "/nominations/answer/" in str(mail.body)]
