"""Number the entries of a list in an order that only a secret predicts.

A balanced Feistel network over HMAC-SHA256 is a bijection whatever its rounds compute (Luby and Rackoff, 1988), so
no index comes twice and none has to be looked for.
"""

import hashlib
import hmac

ROUNDS = 8


def permute(secret: bytes, number: int, size_bits: int) -> int:
    """Return the place of a number among `2 ** size_bits`; different numbers have different places.

    :raises ValueError: if the size is odd or not positive, or the number lies outside it
    """
    if size_bits <= 0 or size_bits % 2:
        raise ValueError("the size is an even number of bits")
    if not 0 <= number < 1 << size_bits:
        raise ValueError("the number lies outside the list")
    half = size_bits // 2
    mask = (1 << half) - 1
    left, right = number >> half, number & mask
    for step in range(ROUNDS):
        left, right = right, left ^ (_scramble(secret, step, right) & mask)
    return left << half | right


def _scramble(secret: bytes, step: int, value: int) -> int:
    digest = hmac.digest(secret, bytes([step]) + value.to_bytes(4, "big"), hashlib.sha256)
    return int.from_bytes(digest[:4], "big")
