from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentityKind(models.TextChoices):
    """Documents that say who a person is; the values are those of `identity.py`."""

    RESIDENT_ID = "resident_id", _("resident identity card")
    RESIDENCE_PERMIT = "residence_permit", _("residence permit for Hong Kong, Macao and Taiwan residents")
    PASSPORT = "passport", _("passport")
    FOREIGN_PR_CARD = "foreign_pr_card", _("foreign permanent resident ID card")
    HK_MACAU_PERMIT = "hk_macau_permit", _("mainland travel permit for Hong Kong and Macao residents")
    TAIWAN_PERMIT = "taiwan_permit", _("mainland travel permit for Taiwan residents")


class Gender(models.TextChoices):
    """As on the identity document."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNSTATED = "unstated", _("not stated")


class Relation(models.TextChoices):
    """Who a family member is to the talent."""

    SPOUSE = "spouse", _("spouse")
    CHILD = "child", _("child")
    PARENT = "parent", _("parent")
