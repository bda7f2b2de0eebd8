"""The service's own settings; its installed applications and those of the reference share one database."""

from talentcard import settings as service
from talentcard.settings import *  # noqa: F403  # the service as it is

INSTALLED_APPS = [*service.INSTALLED_APPS, "rest_framework.authtoken", "benchmarks.reference"]
# One system sends all requests here: its rate is counted as ever, and never used up.
REST_FRAMEWORK = {
    **service.REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": {**service.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "verify": "100000000/min"},
}
