from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """What a child enters."""

    KINDERGARTEN = "kindergarten", _("kindergarten")
    PRIMARY = "primary", _("primary school")
    JUNIOR = "junior", _("junior secondary school")
    SENIOR = "senior", _("senior secondary school")
