"""Numbers, policy and cases for the tests."""

from cards.talents import identity


def resident_number(sequence: int, *, birth: str = "19900301", place: str = "120116") -> str:
    """Return a valid number that nobody has: its sequence is one the district does not assign."""
    body = f"{place}{birth}{900 + sequence:03d}"
    return body + identity.check_character(body)
