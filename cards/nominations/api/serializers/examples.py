"""What a request looks like, for the API's documentation; nobody in it is real."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

Shape = TypeVar("Shape", bound=type[serializers.BaseSerializer])

DRAFT = {
    "nominee": {
        "name": "欧阳行舟",
        "identity_kind": "passport",
        "identity_number": "E12345678",
        "issuing_region": "Germany",
        "birth_date": "1990-03-01",
        "nationality": "Germany",
        "email": "nominee@talentcard.example",
        "employer_name": "海河实验室",
    },
    "basis": "laboratory",
    "tier": "B",
    "district": "binhai",
    "statement": "长期从事示例研究。",
}
PASS = {"outcome": "pass"}
RETURN = {
    "outcome": "return",
    "reason": "材料不全。",
    "missing": [{"field": "statement", "note": "写明聘期。"}, {"field": "employer_name", "note": "填写登记全称。"}],
}
AGREED = {"outcome": "pass", "agrees": True}
QUESTION = {"topic": "statement", "text": "聘期到哪一天？"}
OBJECTION = {"name": "某某", "contact": "objector@talentcard.example", "text": "成果并非本人所有。"}
APPEAL_DECISION = {"is_upheld": True, "reason": "聘用合同已经续签。"}


def shown_as(**examples: Mapping[str, Any]) -> Callable[[Shape], Shape]:
    """Document a request's shape with examples, by name."""
    shown = [
        OpenApiExample(name.replace("_", " ").capitalize(), value=value, request_only=True)
        for name, value in examples.items()
    ]
    return extend_schema_serializer(examples=shown)
