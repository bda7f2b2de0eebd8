"""Each case used to come under public notice by itself: those of one day become one release."""

from itertools import groupby
from typing import Any

from django.db import migrations
from django.utils import timezone

TITLE_ZH = "海河英才卡拟认定人选公示（{year}年第{serial}批）"
TITLE_EN = "People proposed for the Haihe Talent card ({year}, no. {serial})"


def release_earlier_notices(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("nominations", "PublicNotice").objects.filter(release=None).order_by("opened_at")
    for day, opened in groupby(notices, key=lambda notice: timezone.localtime(notice.opened_at).date()):
        _release(apps, day.year, list(opened))


def _release(apps: Any, year: int, notices: list[Any]) -> None:
    counter, _created = apps.get_model("nominations", "ReleaseCounter").objects.get_or_create(year=year)
    counter.last += 1
    counter.save()
    words = {"year": year, "serial": counter.last}
    release = apps.get_model("nominations", "NoticeRelease").objects.create(
        **words,
        title_zh=TITLE_ZH.format(**words),
        title_en=TITLE_EN.format(**words),
        opened_at=notices[0].opened_at,
        closes_at=max(notice.closes_at for notice in notices),
    )
    for notice in notices:
        notice.release = release
        notice.save(update_fields=["release"])


class Migration(migrations.Migration):
    dependencies = [("nominations", "0017_notice_releases")]

    operations = [migrations.RunPython(release_earlier_notices, migrations.RunPython.noop)]
