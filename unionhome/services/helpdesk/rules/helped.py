"""Who brought a worker's matter, and when that cannot be (帮代办)."""

from collections.abc import Mapping

from django.db import models

HELPER_PHONE_FIELD = "helpdesk.helping.phone"


class Relation(models.TextChoices):
    """Who the helper is to the worker."""

    CADRE = "cadre", "我自己（工会干部）"
    GRID = "grid", "网格员"
    MEMBER = "member", "工友、工会会员"
    FAMILY = "family", "家里人"
    EMPLOYER = "employer", "单位的人（人事、班组长）"
    OTHER = "other", "别的人"


SHOWN: Mapping[str, str] = {**dict(Relation.choices), Relation.CADRE.value: "工会干部"}
"""The same for whoever reads it later."""


class Gathered(models.TextChoices):
    """How a need reached the cadre who writes it down; the values are origins of its case."""

    WALK_IN = "walk_in", "本人来访或来电"
    VISIT = "visit", "走访时提的"
    SITE = "site", "户外劳动者服务站点反映"


class Consent(models.TextChoices):
    """How the worker agreed."""

    SPOKEN = "spoken", "本人口头同意"
    SIGNED = "signed", "本人签了字"
