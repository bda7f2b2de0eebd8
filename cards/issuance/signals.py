"""What rooms above may hear of cards. Each is sent once, by the operation, in its transaction, with `cards=`."""

from django.dispatch import Signal

# The cards are in force.
card_activated = Signal()
# The cards have expired, or were revoked or returned.
card_ended = Signal()
