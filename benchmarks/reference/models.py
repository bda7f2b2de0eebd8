from django.conf import settings
from django.db import models


class Scan(models.Model):
    """A request as the reference records it. .. no_pii: made-up requests"""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    code = models.CharField(max_length=600)
    purpose = models.CharField(max_length=40)
    nonce = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.nonce
