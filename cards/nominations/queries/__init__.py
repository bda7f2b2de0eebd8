"""Read nominations across relations."""

from cards.nominations.queries.answers import (
    AnswerState,
    answers_in_history,
    answers_lacking,
    answers_of,
    conflict_of,
    find_experts,
    has_signed_consent,
    stated_to,
    usable_link,
)
from cards.nominations.queries.cases import (
    Room,
    actions_open_to,
    decisions_open_to,
    room_beside,
    room_for_evidence,
    visible_to,
)
from cards.nominations.queries.desks import held_by_others, inbox
from cards.nominations.queries.duplicates import (
    LookAlike,
    has_live_card,
    is_second_nomination,
    look_alikes_of,
    pairs_of,
    undecided_look_alikes,
)
from cards.nominations.queries.imports import imports_of, row_counts
from cards.nominations.queries.integrity import FactInCase, checks_in, facts_about, facts_in, missing_checks
from cards.nominations.queries.nominators import Grant, find_employer, grant_of, nominators_of, quota_overview
from cards.nominations.queries.notices import notice_of, objections_to, open_notices, open_objections
from cards.nominations.queries.obstacles import Obstacle, obstacles_to, present_obstacles
from cards.nominations.queries.policy import (
    NOMINATION_ROUTES,
    PolicyMissing,
    ground_of,
    legal_ground,
    limit_of,
    open_bases,
    open_tiers,
    policy_in_force,
    policy_overview,
    required_kinds,
)
from cards.nominations.queries.timelines import TimelineEntry, last_return, timeline
from cards.nominations.queries.versions import is_frozen, shortcomings_of
from cards.nominations.queries.window import filed_at_window_of, nominators_for

__all__ = [
    "NOMINATION_ROUTES",
    "AnswerState",
    "FactInCase",
    "Grant",
    "LookAlike",
    "Obstacle",
    "PolicyMissing",
    "Room",
    "TimelineEntry",
    "actions_open_to",
    "answers_in_history",
    "answers_lacking",
    "answers_of",
    "checks_in",
    "conflict_of",
    "decisions_open_to",
    "facts_about",
    "facts_in",
    "filed_at_window_of",
    "find_employer",
    "find_experts",
    "grant_of",
    "ground_of",
    "has_live_card",
    "has_live_nomination",
    "has_signed_consent",
    "held_by_others",
    "imports_of",
    "inbox",
    "is_frozen",
    "is_second_nomination",
    "last_return",
    "legal_ground",
    "limit_of",
    "look_alikes_of",
    "missing_checks",
    "nominators_for",
    "nominators_of",
    "notice_of",
    "objections_to",
    "obstacles_to",
    "open_bases",
    "open_notices",
    "open_objections",
    "open_tiers",
    "pairs_of",
    "policy_in_force",
    "policy_overview",
    "present_obstacles",
    "quota_overview",
    "required_kinds",
    "room_beside",
    "room_for_evidence",
    "row_counts",
    "shortcomings_of",
    "stated_to",
    "timeline",
    "undecided_look_alikes",
    "usable_link",
    "visible_to",
]
