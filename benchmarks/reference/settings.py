"""A project as Django begins one: its seven middlewares, the REST framework's defaults, the service's database."""

from benchmarks.settings import *  # noqa: F403  # the same database, pool, cache and installed applications

ROOT_URLCONF = "benchmarks.reference.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
REST_FRAMEWORK: dict[str, object] = {}
