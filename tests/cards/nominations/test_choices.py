from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cards.nominations.choices import EDITABLE, LIVE, STATUS_OF_STEP, TRANSITIONS, NominationStatus

ENDED = {NominationStatus.APPROVED, NominationStatus.REJECTED, NominationStatus.WITHDRAWN}


def _walk(choose: list[int]) -> list[NominationStatus]:
    """Return the statuses on a way through the table that the numbers choose."""
    path = [NominationStatus.DRAFT]
    for number in choose:
        onward = sorted(TRANSITIONS[path[-1]])
        if not onward:
            break
        path.append(onward[number % len(onward)])
    return path


@given(st.lists(st.integers(0, 11), max_size=30))
def test_every_way_to_approval_passes_both_reviews(choose: list[int]) -> None:
    path = _walk(choose)

    if path[-1] == NominationStatus.APPROVED:
        assert NominationStatus.SUBMITTED in path
        assert NominationStatus.SECOND_REVIEW in path
        assert NominationStatus.SECOND_REVIEW in path[path.index(NominationStatus.SUBMITTED) :]


@given(st.lists(st.integers(0, 11), max_size=30))
def test_only_an_appeal_leaves_an_end_and_nothing_returns_to_draft(choose: list[int]) -> None:
    path = _walk(choose)

    onward = {(left, reached) for left, reached in pairwise(path) if left in ENDED}
    assert onward <= {(NominationStatus.REJECTED, NominationStatus.APPEALED)}
    assert NominationStatus.DRAFT not in path[1:]


def test_every_status_is_in_the_table_and_can_be_reached() -> None:
    reached = {NominationStatus.DRAFT}.union(*TRANSITIONS.values())

    assert set(TRANSITIONS) == set(NominationStatus) == reached


def test_live_is_submitted_until_decided() -> None:
    assert set(LIVE) == set(NominationStatus) - ENDED - {NominationStatus.DRAFT}
    assert set(STATUS_OF_STEP.values()) <= set(LIVE)
    assert all(NominationStatus.SUBMITTED in TRANSITIONS[status] for status in EDITABLE)
