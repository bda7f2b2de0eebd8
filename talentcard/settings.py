"""Settings, read from the environment and safe by default; `.env.example` lists every variable."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

# FileAwareEnv: NAME_FILE may name a file that holds the secret NAME (container secrets).
env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
# Only behind a proxy that sets, and strips, the X-Forwarded-* headers itself.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# The demonstration: a banner on every page, and a working day that lasts this many seconds (0: a real one).
DEMO = env.bool("DEMO", default=False)
DEMO_WORKING_DAY_SECONDS = env.int("DEMO_WORKING_DAY_SECONDS", default=0)

INSTALLED_APPS = [
    "services.schooling",
    "services.transport",
    "services.perks",
    "cards.verification",
    "cards.nominations",
    "cards.issuance",
    "cards.credentials",
    "cards.talents",
    "talentcard.casework",
    "talentcard.documents",
    "talentcard.accounts",
    "talentcard.notifications",
    "talentcard.audit",
    "talentcard.outbox",
    "talentcard.core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "axes",
    "csp",
]
if DEMO:
    INSTALLED_APPS = ["demo", *INSTALLED_APPS]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "talentcard.core.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "talentcard.urls"
WSGI_APPLICATION = "talentcard.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "talentcard.core.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'talentcard.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        # A write lock from the start: no "database is locked" halfway through a transaction that first reads.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # A file, not memory: the tests open several connections and start real worker processes.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8)}}

# Empty: no Redis; the broker is a folder and the cache is local memory (embedded mode).
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

BROKER_DIR = VAR_DIR / "broker"
if not REDIS_URL:
    for folder in (BROKER_DIR / "queue", BROKER_DIR / "control"):
        folder.mkdir(parents=True, exist_ok=True)
CELERY_BROKER_URL = REDIS_URL or "folder://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        # Longer than the longest task; a killed worker's messages come back through the outbox long before.
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,
    }
)
CELERY_TASK_ACKS_LATE = False  # the outbox, not the broker, remembers what is not done
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "outbox-sweep": {"task": "outbox.sweep", "schedule": 2.0, "options": {"expires": 10}},
    "audit-seal": {"task": "audit.seal", "schedule": 60.0, "options": {"expires": 60}},
    "casework-chase": {"task": "casework.chase", "schedule": 5.0 if DEMO else 300.0},
    "nominations-close-notices": {"task": "nominations.close_due_notices", "schedule": 2.0 if DEMO else 60.0},
    "nominations-remind-of-answers": {"task": "nominations.remind_of_answers", "schedule": 900.0},
    "nominations-chase-corrections": {"task": "nominations.chase_corrections", "schedule": 5.0 if DEMO else 300.0},
    "credentials-refresh-status-lists": {"task": "credentials.refresh_status_lists", "schedule": 300.0},
    "issuance-expire-cards": {"task": "issuance.expire_due_cards", "schedule": 3600.0},
}

# How long an entry may sit in the broker or run before another worker may take it, in seconds.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=60)
# How many entries of one queue may be out at the broker at once: bounds the wait the lease must cover.
OUTBOX_WINDOW = env.int("OUTBOX_WINDOW", default=20)
OUTBOX_MAX_ATTEMPTS = 10

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # No base_url: files are private and leave only through a permission check.
        "OPTIONS": {"location": str(VAR_DIR / "files"), "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        # Compressing takes a minute and pays off over a network, which the demonstration has not.
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Status lists and keys: public by nature, any web server or CDN may carry this folder.
PUBLIC_DIR = VAR_DIR / "public"
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/pico", BASE_DIR / "node_modules" / "@picocss" / "pico" / "css"),
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", default=10 * 1024 * 1024)
# What one case may hold: how many documents, and how many bytes altogether.
DOCUMENTS_PER_CASE = env.int("DOCUMENTS_PER_CASE", default=20)
DOCUMENTS_PER_CASE_BYTES = env.int("DOCUMENTS_PER_CASE_BYTES", default=100 * 1024 * 1024)
# Empty: files are not scanned. Else tcp://HOST:PORT or unix:///PATH of a clamd, and nothing unscanned is stored.
CLAMAV_URL = env.str("CLAMAV_URL", default="")
# How long one file's scan may take, in seconds.
CLAMAV_TIMEOUT = env.int("CLAMAV_TIMEOUT", default=30)

# Keys: "id:base64", the first encrypts, all decrypt. `python -m talentcard.core.keys` makes a set.
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS")
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY")
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY")

# What a printed code carries: upper case, so that a QR code holds it in its compact alphanumeric mode.
CODE_BASE_URL = env.str("CODE_BASE_URL", default="HTTP://127.0.0.1:8000").upper().rstrip("/")
CODE_ISSUER = env.str("CODE_ISSUER", default=CODE_BASE_URL.lower())
STATUS_LIST_BASE_URL = env.str("STATUS_LIST_BASE_URL", default=CODE_BASE_URL.lower()).rstrip("/")
# How long a desk may rely on a fetched list, in seconds: refetch after the first, refuse after the second.
STATUS_LIST_TTL = env.int("STATUS_LIST_TTL", default=900)
STATUS_LIST_LIFETIME = env.int("STATUS_LIST_LIFETIME", default=7 * 24 * 3600)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "talentcard.core.network.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["username", "password"]

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "SCOPES": {
        "verify": "Verify cards at a desk",
        "redeem": "Redeem a use of a perk",
        "nominate": "Nominate for the system's organisation",
        "integrity": "Record integrity facts",
    },
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "oauth2_provider.contrib.rest_framework.OAuth2Authentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "talentcard.core.api.pagination.StandardPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "talentcard.core.api.errors.exception_handler",
    # Without a proxy of ours, X-Forwarded-For is the client's own word.
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "DEFAULT_THROTTLE_RATES": {"public_check": "60/min", "verify": env.str("VERIFY_RATE", default="1200/min")},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Haihe Talent card 海河英才卡",
    "DESCRIPTION": "Nominate, review, issue, verify and serve. Every endpoint obeys the same rules as the pages.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Where several enumerations go by one field name, the schema needs a name for each.
    "ENUM_NAME_OVERRIDES": {
        "DirectIssueStatusEnum": "cards.nominations.choices.DirectIssueStatus",
        "AnswerStatusEnum": "cards.nominations.choices.AnswerStatus",
        "CardStatusEnum": "cards.issuance.choices.CardStatus",
        "EvidenceKindEnum": "cards.nominations.choices.EvidenceKind",
        "IdentityKindEnum": "cards.talents.choices.IdentityKind",
        "ImportKindEnum": "cards.nominations.choices.ImportKind",
        "ImportStatusEnum": "cards.nominations.choices.ImportStatus",
        "IntegrityKindEnum": "cards.nominations.choices.IntegrityKind",
        "NominationStatusEnum": "cards.nominations.choices.NominationStatus",
        "ObjectionStatusEnum": "cards.nominations.choices.ObjectionStatus",
        "ReviewOutcomeEnum": "cards.nominations.choices.Outcome",
        "ReviewStepEnum": "cards.nominations.choices.Step",
        "NominationSourceEnum": "cards.nominations.choices.Source",
        "VerificationOutcomeEnum": "cards.verification.choices.Outcome",
        "PerkRequestStatusEnum": "services.perks.choices.RequestStatus",
        "RedemptionStatusEnum": "services.perks.choices.RedemptionStatus",
        "RefusalReasonEnum": "services.perks.choices.RefusalReason",
        "VerificationReasonEnum": "cards.verification.choices.Reason",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "OAUTH2_FLOWS": ["clientCredentials"],
    "OAUTH2_TOKEN_URL": "/oauth2/token/",
    "OAUTH2_SCOPES": OAUTH2_PROVIDER["SCOPES"],
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="talentcard.notifications.backends.MailFolderBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Haihe Talent <no-reply@talentcard.example>")
# Empty: no text messages. A dotted path, such as talentcard.notifications.sms.http.HttpSmsGateway.
SMS_BACKEND = env.str("SMS_BACKEND", default="")
SMS_FILE_PATH = VAR_DIR / "sms"
SMS_URL = env.str("SMS_URL", default="")
SMS_KEY_ID = env.str("SMS_KEY_ID", default="")
SMS_KEY = env.str("SMS_KEY", default="")
# In seconds, for each of connecting, writing and reading: with all three still well under the outbox's lease.
SMS_TIMEOUT = env.float("SMS_TIMEOUT", default=10)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
# In so many working days the head of an office answers a bad rating.
RATING_FOLLOW_UP_DAYS = env.int("RATING_FOLLOW_UP_DAYS", default=5)
# How many days a link to answer without an account works, and how many before its end a reminder goes out.
ANSWER_LINK_DAYS = env.int("ANSWER_LINK_DAYS", default=14)
ANSWER_REMINDER_DAYS = env.int("ANSWER_REMINDER_DAYS", default=3)

SECURE_HTTPS = env.bool("SECURE_HTTPS", default=True)
SECURE_SSL_REDIRECT = SECURE_HTTPS
SESSION_COOKIE_SECURE = SECURE_HTTPS
CSRF_COOKIE_SECURE = SECURE_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HTTPS
SECURE_HSTS_PRELOAD = SECURE_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    # JSON for machines, on the path that is asked most: building the header there costs a twelfth of the answer.
    "EXCLUDE_URL_PREFIXES": ["/api/v1/verifications/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
