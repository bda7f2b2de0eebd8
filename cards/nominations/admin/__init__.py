"""The administration of policy, nominators and cases."""

from cards.nominations.admin import cases, policy

__all__ = ["cases", "policy"]
