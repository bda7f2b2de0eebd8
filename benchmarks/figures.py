"""Measure in pairs of rounds, so that what slows the machine for a while slows both sides."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

FEWEST_ROUNDS = 3
BATCH = 20


class MeasurementFailed(Exception):
    """What was measured did not do its work."""


@dataclass(frozen=True)
class Pair:
    """What one round found: ours and the reference's, in the same unit."""

    ours: float
    reference: float

    @property
    def ratio(self) -> float:
        """Return how many times the reference ours is."""
        return self.ours / self.reference


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A line of the report; `required` and `goal` bound the ratio, or our own value where there are no pairs."""

    work: str
    unit: str
    pairs: Sequence[Pair] = ()
    ours: float = 0
    reference: float = 0
    required: float
    goal: float
    is_less_better: bool = False
    note: str = ""

    @property
    def medians(self) -> tuple[float, float]:
        """Return our value and the reference's."""
        if not self.pairs:
            return self.ours, self.reference
        return (
            statistics.median(pair.ours for pair in self.pairs),
            statistics.median(pair.reference for pair in self.pairs),
        )

    @property
    def ratios(self) -> tuple[float, float, float] | None:
        """Return the median, the lowest and the highest ratio of the rounds."""
        ratios = [pair.ratio for pair in self.pairs]
        return (statistics.median(ratios), min(ratios), max(ratios)) if ratios else None

    def reaches(self, bound: float) -> bool:
        """Tell whether the figure is as good as a bound."""
        value = self.ratios[0] if self.ratios else self.ours
        return value <= bound if self.is_less_better else value >= bound


def number_of_rounds(seconds: float, *, slice_seconds: float) -> int:
    """Return how many rounds of two slices fit in a time."""
    return max(FEWEST_ROUNDS, round(seconds / (2 * slice_seconds)))


def in_pairs(ours: Callable[[], T], reference: Callable[[], T], *, rounds: int) -> list[tuple[T, T]]:
    """Run both sides once a round, each first in every other round."""
    found = []
    for number in range(rounds):
        if number % 2:
            second = reference()
            found.append((ours(), second))
        else:
            first = ours()
            found.append((first, reference()))
    return found


def rate_of(work: Callable[[], object], *, seconds: float) -> float:
    """Return how often a second a function runs, one call after the other."""
    started = now = time.perf_counter()
    calls = 0
    while now < started + seconds:
        for _ in range(BATCH):
            work()
        calls += BATCH
        now = time.perf_counter()
    return calls / (now - started)


def compare_rates(
    ours: Callable[[], object], reference: Callable[[], object], *, seconds: float, slice_seconds: float
) -> list[Pair]:
    """Return the rates of two functions, round by round."""
    found = in_pairs(
        lambda: rate_of(ours, seconds=slice_seconds),
        lambda: rate_of(reference, seconds=slice_seconds),
        rounds=number_of_rounds(seconds, slice_seconds=slice_seconds),
    )
    return [Pair(*rates) for rates in found]
