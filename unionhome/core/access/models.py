"""Accounts, what they may do where, how they signed in, and tokens for programs."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from unionhome.core.access.rules import PHONE_FIELD, SECRET_FIELD, days_text
from unionhome.core.registry import ROLES
from unionhome.core.tree.models import Node


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One account: a cadre with a sign-in name and password, a worker with a phone, or both."""

    username = models.CharField("登录名", max_length=40, unique=True, null=True, blank=True)
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("岗位", max_length=60, blank=True)
    node = models.ForeignKey(
        Node,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所在工会",
    )
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.CharField(max_length=64, unique=True, null=True, blank=True)
    person_id = models.BigIntegerField(
        unique=True,
        null=True,
        blank=True,
        help_text="The person in the register, which lies above: no foreign key.",
    )
    secret_sealed = models.BinaryField(null=True, blank=True, help_text="Shared secret of the second factor.")
    secret_confirmed_at = models.DateTimeField(null=True, blank=True)
    next_secret_sealed = models.BinaryField(
        null=True, blank=True, help_text="A new shared secret that no code has confirmed yet."
    )
    last_counter = models.BigIntegerField(default=0, help_text="Time step of the last accepted second-factor code.")
    failed_count = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    password_set_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: the password was given by somebody else and must be changed."
    )
    is_active = models.BooleanField(default=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"
    SEALED: ClassVar[dict[str, str]] = {
        "phone_sealed": PHONE_FIELD,
        "secret_sealed": SECRET_FIELD,
        "next_secret_sealed": SECRET_FIELD,
    }
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    @property
    def has_factor(self) -> bool:
        """Whether a second factor is enrolled."""
        return self.secret_confirmed_at is not None


class RoleGrant(models.Model):
    """A role on one branch for a time. Branch, role and dates decide every permission."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.name, role.label) for role in ROLES.values()])
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day on which it no longer holds.")
    granted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)

    SCOPE = "node__path"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "node"],
                condition=models.Q(ends_on__isnull=True),
                name="access_one_open_grant",
            )
        ]


class Absence(models.Model):
    """Whole local days on which somebody is away, and the colleague who stands in. It begins and ends by its days alone:
    nothing is written at midnight."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    stand_in = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day on which it no longer holds.")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Ended early, or taken back before it began.")
    submit_key = models.CharField(max_length=32, null=True, blank=True)  # noqa: DJ001  (most rows have none)

    SCOPE = "user__node__path"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="access_absence_days"),
            models.CheckConstraint(condition=~models.Q(user=models.F("stand_in")), name="access_absence_other"),
            models.UniqueConstraint(
                fields=["created_by", "submit_key"],
                condition=models.Q(submit_key__isnull=False),
                name="access_absence_key_once",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "ends_on"], name="access_absence_of_user"),
            models.Index(fields=["stand_in", "ends_on"], name="access_absence_of_stand_in"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.days}"

    @property
    def days(self) -> str:
        """12月1日到5日."""
        return days_text(self.starts_on, self.ends_on)

    @property
    def words(self) -> str:
        """12月1日到5日不在，由李静代."""
        return f"{self.days}不在，由{self.stand_in.name}代"


class SignIn(models.Model):
    """One session of one account, so that its owner can see and end it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_index = models.CharField(max_length=64, unique=True, help_text="Keyed digest of the session key.")
    door = models.CharField(max_length=8)
    device = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    strong_at = models.DateTimeField(null=True, blank=True, help_text="When the second factor was passed.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=40, blank=True)


class PhoneCode(models.Model):
    """A one-time code sent to a phone. Neither phone nor code is kept in clear."""

    phone_index = models.CharField(max_length=64, db_index=True)
    code_digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)


class ApiToken(models.Model):
    """A program's key to the API: acts as its owner, within the owner's grants and the named permissions."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=32, unique=True, null=True, blank=True)


class Attempt(models.Model):
    """One counted try of something that is rate-limited: a sign-in, a code, a report from one phone or address."""

    what = models.CharField(max_length=40)
    key = models.CharField(max_length=64, help_text="Keyed digest of whom is counted.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["what", "key", "at"], name="access_attempt_count")]
