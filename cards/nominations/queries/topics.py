"""What a question or a correction can be about: a field of the case, one of its documents, or the case as a whole."""

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cards.nominations.models import Evidence, Nomination
from cards.nominations.queries.timelines import last_return

# By the names that the API gives the fields; "evidence" is about a document that is not there.
FIELD_TOPICS: dict[str, str | Promise] = {
    "name": gettext_lazy("Nominee's name"),
    "identity": gettext_lazy("Identity document"),
    "nationality": gettext_lazy("Country or region of nationality"),
    "gender": gettext_lazy("Gender"),
    "birth_date": gettext_lazy("Date of birth"),
    "email": gettext_lazy("Nominee's e-mail"),
    "phone": gettext_lazy("Nominee's mobile"),
    "address": gettext_lazy("Postal address"),
    "employer_name": gettext_lazy("Employer"),
    "district": gettext_lazy("District or park"),
    "basis": gettext_lazy("Basis"),
    "tier": gettext_lazy("Tier"),
    "statement": gettext_lazy("Why this person"),
    "evidence": gettext_lazy("Evidence"),
}


def document_topics(nomination: Nomination) -> dict[str, str]:
    """Return the case's documents by their ids, as they are called; one query."""
    return {str(each.pk): _title(each) for each in nomination.evidence.select_related("document")}


def unknown_topics(nomination: Nomination, fields: Sequence[str]) -> list[int]:
    """Return the positions of what names neither a field nor a document of a case; a query if it may name documents."""
    named = {field for field in fields if field and field not in FIELD_TOPICS}
    documents = document_topics(nomination) if named else {}
    return [position for position, field in enumerate(fields) if field in named and field not in documents]


def notes_by_topic(nomination: Nomination) -> dict[str, list[str]]:
    """Return what is to be corrected of each field and document, while a case waits for its correction; one query."""
    review = last_return(nomination)
    notes: dict[str, list[str]] = {}
    for item in review.missing if review is not None else []:
        notes.setdefault(item.get("field", ""), []).append(item["note"])
    return notes


def topic_lines(nomination: Nomination, missing: Iterable[dict[str, str]]) -> list[str]:
    """Return what is to be corrected as lines, each with what it is about; a query if it may be about documents."""
    missing = list(missing)
    labels = topic_labels(nomination, [item.get("field", "") for item in missing])
    return [_line(item, label) for item, label in zip(missing, labels, strict=True)]


def topic_labels(nomination: Nomination, topics: Iterable[str]) -> list[str]:
    """Return what each topic is called, "" for the case as a whole; a query if one may be a document."""
    topics = list(topics)
    named = set(topics) - {"", *FIELD_TOPICS}
    documents = _documents_ever(nomination) if named else {}
    return [_label(topic, documents) for topic in topics]


def _documents_ever(nomination: Nomination) -> dict[str, str]:
    """Return the case's documents by their ids as they are called, also those that were removed after officers saw."""
    documents = {}
    for each in Evidence.with_removed.filter(nomination=nomination).select_related("document"):
        title = _title(each)
        documents[str(each.pk)] = _("%(document)s (removed)") % {"document": title} if each.removed_at else title
    return documents


def _title(evidence: Evidence) -> str:
    return f"{capfirst(evidence.get_kind_display())} · {evidence.document.original_name}"


def _line(item: dict[str, str], label: str) -> str:
    return f"{label}{pgettext('between a label and its value', ': ')}{item['note']}" if label else item["note"]


def _label(topic: str, documents: dict[str, str]) -> str:
    if not topic:
        return ""
    return str(FIELD_TOPICS.get(topic) or documents.get(topic) or _("A document that was removed"))
