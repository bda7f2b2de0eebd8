"""Sign-in pages beyond Django's own."""

from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy


class ActivateView(PasswordResetConfirmView):
    """Let the bearer of an invitation set the account's password, and sign them in."""

    template_name = "registration/activate.html"
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    success_url = reverse_lazy("home")
