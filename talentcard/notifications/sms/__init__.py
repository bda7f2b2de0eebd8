"""Text messages: what a gateway promises, which one is set, and what may be sent by it."""

from talentcard.notifications.sms.base import Receipt, SmsGateway, SmsRefused, SmsUnavailable, gateway, is_on
from talentcard.notifications.sms.text import MAX_SEGMENTS, segments, text_of

__all__ = [
    "MAX_SEGMENTS",
    "Receipt",
    "SmsGateway",
    "SmsRefused",
    "SmsUnavailable",
    "gateway",
    "is_on",
    "segments",
    "text_of",
]
