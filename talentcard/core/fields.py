"""Model fields of our own."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from talentcard.core import crypto
from talentcard.core.crypto import blind_index

__all__ = ["EncryptedTextField", "blind_index"]


@dataclass(frozen=True)
class Sealed:
    """A value as the database holds it, not decrypted yet."""

    data: bytes


class _Unsealing(DeferredAttribute):
    """Decrypt on first access: only then is the row's key, which the ciphertext is bound to, at hand."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed) and instance is not None:
            field: EncryptedTextField = self.field  # type: ignore[assignment]  # set by the field itself
            value = instance.__dict__[field.attname] = field.unseal(instance, value)
        return value

    # Makes this a data descriptor, which Python asks before the instance's own dictionary.
    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    """Text that is encrypted in the database and bound to its row and field.

    A ciphertext copied to another row or field does not decrypt, so the primary key must exist before the row is
    written (our keys are UUIDs). The field cannot be queried or updated in bulk: keep a `blind_index` beside it.
    """

    descriptor_class = _Unsealing
    description = "Encrypted text"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def context(self, instance: models.Model) -> str:
        """Return what a ciphertext of this row is bound to."""
        return f"{instance._meta.label_lower}|{self.name}|{instance.pk}"

    def unseal(self, instance: models.Model, value: Sealed) -> str:
        """Decrypt a stored value.

        :raises DecryptionError: if it was altered or comes from another row or field
        """
        # Empty is not encrypted: a new column's default is one value for rows of many keys.
        return crypto.decrypt(value.data, context=self.context(instance)).decode() if value.data else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return Sealed(crypto.encrypt(str(value).encode(), context=self.context(model_instance)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if value == "":
            value = Sealed(b"")
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is encrypted: save the instance, do not filter or update() by it")
        return connection.Database.Binary(value.data)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted and cannot be filtered by {lookup_name}")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is encrypted and is not serialised")

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(form_class=forms.CharField, **kwargs)
