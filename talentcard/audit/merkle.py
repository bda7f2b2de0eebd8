"""Merkle tree hashing.

Source: RFC 6962, section 2.1: leaves and nodes are hashed under different prefixes, so neither passes for the other.
"""

import hashlib


def leaf_hash(data: bytes) -> bytes:
    """Return the 32-byte hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def root(leaves: list[bytes]) -> bytes:
    """Return the 32-byte root over leaf hashes in order; for no leaves, the hash of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    level = leaves
    while len(level) > 1:
        paired = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        # RFC 6962 splits at the largest power of two: level by level, an odd last node moves up unchanged.
        level = paired if len(level) % 2 == 0 else [*paired, level[-1]]
    return level[0]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
