from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is to the service; a role counts only within the scope of its assignment."""

    NOMINATOR = "nominator", _("nominator")
    WINDOW_CLERK = "window_clerk", _("window clerk")
    PRELIMINARY_REVIEWER = "preliminary_reviewer", _("preliminary reviewer")
    SECOND_REVIEWER = "second_reviewer", _("second reviewer")
    ISSUER = "issuer", _("issuer")
    HEAD = "head", _("head of an office")
    PERK_OFFICER = "perk_officer", _("perk officer")
    PARTNER = "partner", _("partner")
    LIAISON = "liaison", _("liaison")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


# The steps that an authority may delegate to another office, by the role of who makes them.
DELEGABLE = (Role.PRELIMINARY_REVIEWER, Role.SECOND_REVIEWER)


class OrganisationKind(models.TextChoices):
    """What an organisation is in the city."""

    EMPLOYER = "employer", _("employer")
    BUREAU = "bureau", _("municipal bureau")
    DISTRICT_OFFICE = "district_office", _("district office")
    PARK_OFFICE = "park_office", _("park office")
    PARTNER = "partner", _("partner agency")


# Those whose people decide.
OFFICES = (OrganisationKind.BUREAU, OrganisationKind.DISTRICT_OFFICE, OrganisationKind.PARK_OFFICE)
