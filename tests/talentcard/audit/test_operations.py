import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from talentcard.accounts.models import User
from talentcard.audit import merkle
from talentcard.audit.models import AuditEvent, Seal
from talentcard.audit.operations import LogTampered, record, seal_events, verify_log

NOW = timezone.now()


@pytest.fixture
def log(outsider: User) -> User:
    """Record five events under two seals."""
    for number in range(3):
        record(actor=outsider, action="test.first", target=outsider, data={"n": number})
    seal_events(at=NOW)
    for number in range(2):
        record(actor=None, action="test.second", target=outsider, data={"n": number})
    seal_events(at=NOW)
    return outsider


def without_triggers(statement: str) -> None:
    """Do to the log what an intruder with the database's own rights could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Foreign keys are checked at commit; a table with checks pending cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE audit_sealedevent DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement)


def test_verify_log_counts_what_is_sealed(log: User) -> None:
    record(actor=log, action="test.unsealed", target=log)

    assert verify_log() == 5
    assert seal_events(at=NOW) is not None
    assert verify_log() == 6


def test_seal_events_with_nothing_new_makes_no_seal(log: User) -> None:
    assert seal_events(at=NOW) is None
    assert Seal.objects.count() == 2


@pytest.mark.parametrize("write", ["update", "delete"])
def test_log_refuses_to_be_changed(log: User, write: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if write == "update":
            AuditEvent.objects.update(action="something.else")
        else:
            AuditEvent.objects.all()._raw_delete(AuditEvent.objects.db)

    assert AuditEvent.objects.filter(action__startswith="test.").count() == 5


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE audit_auditevent SET action = 'x' WHERE action = 'test.first'", "an event under seal 1"),
        ("UPDATE audit_seal SET size = 2 WHERE number = 1", "signature of seal 1"),
        ("DELETE FROM audit_sealedevent WHERE position = 0", "covers 3 events, 2 are there"),
    ],
)
def test_verify_log_finds_what_was_altered(log: User, statement: str, message: str) -> None:
    without_triggers(statement)

    with pytest.raises(LogTampered, match=message):
        verify_log()


def test_verify_log_finds_a_seal_that_was_taken_out(log: User) -> None:
    without_triggers("DELETE FROM audit_sealedevent WHERE seal_id IN (SELECT id FROM audit_seal WHERE number = 1)")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal WHERE number = 1")

    with pytest.raises(LogTampered, match="seal 1 is missing"):
        verify_log()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=33), st.data())
def test_merkle_root_changes_with_any_leaf(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    position = data.draw(st.integers(0, len(leaves) - 1))
    altered = [*hashes]
    altered[position] = merkle.leaf_hash(leaves[position] + b"!")

    assert merkle.root(hashes) != merkle.root(altered)
    assert merkle.root(hashes) == _root_by_definition(hashes)


def _root_by_definition(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962: split at the largest power of two below the length."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return merkle._node(_root_by_definition(leaves[:split]), _root_by_definition(leaves[split:]))
