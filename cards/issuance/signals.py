"""What rooms above may hear of a card. Each is sent once, by the operation, in its transaction, with `card=`."""

from django.dispatch import Signal

# The card is in force.
card_activated = Signal()
# The card has expired, or was revoked or returned.
card_ended = Signal()
