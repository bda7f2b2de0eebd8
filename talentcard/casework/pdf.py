"""A decision as PDF: one template, data alone goes in, and the same document gives the same bytes."""

import json
import threading
from dataclasses import asdict
from functools import cache
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from talentcard.casework.models import DecisionDocument

MEDIA_TYPE = "application/pdf"

# The compiler keeps its fonts in memory and serves one thread at a time.
_turn = threading.Lock()


def decision_pdf(document: DecisionDocument, *, language: str) -> bytes:
    """Return a decision as PDF, in a language of the service; a few milliseconds, nothing is stored."""
    data = json.dumps(_data_of(document, language), ensure_ascii=False)
    with _turn:
        # Data, not markup: whatever people wrote comes out as they wrote it.
        return bytes(_compiler().compile(format="pdf", sys_inputs={"decision": data}))


@cache
def _compiler() -> Any:
    fonts = pylopdf_fonts_zh_cn.serif_path().parent
    return typst.Compiler(
        str(settings.BASE_DIR / "templates" / "casework" / "decision.typ"),
        root=str(settings.BASE_DIR / "templates" / "casework"),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
    )


def _data_of(document: DecisionDocument, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            **asdict(document.text(language)),
            "language": language,
            "number": document.number,
            "date": date_format(timezone.localtime(document.decided_at), "DATE_FORMAT"),
            "sha256": document.content_sha256,
            "headings": {
                "number": _("No."),
                "facts": _("The case"),
                "reasons": _("Reasons"),
                "ground": _("Legal ground"),
                "outcome": _("Decision"),
                "remedies": _("What you can do"),
                "sha256": _("SHA-256 of the text"),
            },
        }
