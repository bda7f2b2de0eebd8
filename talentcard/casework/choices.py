from django.db import models
from django.utils.translation import gettext_lazy as _


class RatingLevel(models.IntegerChoices):
    """The five levels of 好差评; the two lowest are followed up."""

    VERY_SATISFIED = 5, _("very satisfied")
    SATISFIED = 4, _("satisfied")
    FAIR = 3, _("basically satisfied")
    DISSATISFIED = 2, _("dissatisfied")
    VERY_DISSATISFIED = 1, _("very dissatisfied")


FOLLOWED_UP = (RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED)
# Where a bad rating waits for the head of the office it is about.
RATINGS_DESK = "casework.ratings"
