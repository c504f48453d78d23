"""Django settings, all fed by `env`. Nothing here names a machine, a secret or a place outside."""

import base64
import os
import sys
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from unionhome.config import databases, env
from unionhome.config.services import CORE, SERVICES
from unionhome.kit import crypto
from unionhome.kit.channels import Gateway
from unionhome.kit.georeport import Receiver

BASE_DIR = Path(__file__).resolve().parents[2]
TESTING = "pytest" in sys.modules
VALUES = env.load({**os.environ, "UNIONHOME_SECRET_KEY": "tests"} if TESTING else None, BASE_DIR)

DEBUG = VALUES["DEBUG"]
DEMO = VALUES["DEMO"]
DATA_DIR = BASE_DIR / VALUES["DATA_DIR"]
BUILD_DIR = BASE_DIR / "build"
TIME_ZONE = VALUES["TIME_ZONE"]
USE_TZ = True
LANGUAGE_CODE = "zh-hans"
USE_I18N = True

if TESTING:
    SECRET_KEY = "tests-only-" + "x" * 40
    FIELD_KEYS = "t1:" + base64.b64encode(b"unionhome tests: not a real key!").decode()
else:
    SECRET_KEY = VALUES["SECRET_KEY"]
    FIELD_KEYS = VALUES["FIELD_KEYS"]
CRYPTO_PROFILE = VALUES["CRYPTO_PROFILE"]
if FIELD_KEYS:
    crypto.configure(FIELD_KEYS, CRYPTO_PROFILE)

SITE_NAME = VALUES["SITE_NAME"]
ROOT_CODE = VALUES["ROOT_CODE"]
IDLE_MINUTES_DESK = VALUES["IDLE_MINUTES_DESK"]
IDLE_MINUTES_MY = VALUES["IDLE_MINUTES_MY"]
SIGN_IN_TRIES = VALUES["SIGN_IN_TRIES"]
SIGN_IN_LOCK_MINUTES = VALUES["SIGN_IN_LOCK_MINUTES"]
SIGN_IN_PER_ADDRESS = VALUES["SIGN_IN_PER_ADDRESS"]
SESSIONS_MOST = VALUES["SESSIONS_MOST"]
PASSWORD_DAYS = VALUES["PASSWORD_DAYS"]
CODE_MINUTES = VALUES["CODE_MINUTES"]
CODE_TRIES = VALUES["CODE_TRIES"]
CODES_PER_PHONE = VALUES["CODES_PER_PHONE"]
CODES_PER_ADDRESS = VALUES["CODES_PER_ADDRESS"]
REPORTS_PER_ADDRESS = VALUES["REPORTS_PER_ADDRESS"]
TOKEN_DAYS = VALUES["TOKEN_DAYS"]
SMS_GATEWAY = Gateway(
    VALUES["SMS_URL"], VALUES["SMS_KEY"], VALUES["SMS_SIGNATURE"] or SITE_NAME, VALUES["SMS_TEMPLATE"]
)
OPEN311_RECEIVER = Receiver(
    VALUES["OPEN311_URL"],
    VALUES["OPEN311_NAME"],
    VALUES["OPEN311_KEY"],
    VALUES["OPEN311_JURISDICTION"],
    VALUES["OPEN311_FORM"],
    VALUES["OPEN311_PRIVATE"],
)
PUBLIC_URL = VALUES["PUBLIC_URL"].rstrip("/")
EMAIL_HOST = VALUES["MAIL_HOST"]
EMAIL_PORT = VALUES["MAIL_PORT"]
EMAIL_USE_SSL = VALUES["MAIL_TLS"] == "ssl"
EMAIL_USE_TLS = VALUES["MAIL_TLS"] == "starttls"
EMAIL_HOST_USER = VALUES["MAIL_USER"]
EMAIL_HOST_PASSWORD = VALUES["MAIL_PASSWORD"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = VALUES["MAIL_FROM"]
if DEMO:
    # The demo has one worker whom everybody who looks at it plays, from one machine.
    CODES_PER_PHONE = CODES_PER_ADDRESS = SIGN_IN_PER_ADDRESS = REPORTS_PER_ADDRESS = 10_000
    SESSIONS_MOST = 1_000
    PASSWORD_DAYS = 0
DEMO_TODAY = date.fromisoformat(VALUES["DEMO_TODAY"]) if DEMO and VALUES["DEMO_TODAY"] else None
DEMO_STARTED_ON = datetime.now(ZoneInfo(TIME_ZONE)).date()

ALLOWED_HOSTS = VALUES["ALLOWED_HOSTS"] + (["testserver"] if TESTING else [])
CSRF_TRUSTED_ORIGINS = VALUES["TRUSTED_ORIGINS"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "unionhome.kit",
    *[name for name in (*SERVICES, *CORE) if find_spec(name) is not None],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "unionhome.config.middleware.SafeHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "unionhome.core.access.middleware.ActorMiddleware",
    "unionhome.config.middleware.PlainQueryMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "unionhome.config.urls"
WSGI_APPLICATION = "unionhome.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                *(["unionhome.core.home.shell.shell"] if find_spec("unionhome.core.home") else []),
            ],
            "builtins": [
                "django.templatetags.static",
                "unionhome.kit.templatetags.kit",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
X_FRAME_OPTIONS = "DENY"

DATABASES = {
    "default": databases.from_url(VALUES["TEST_DATABASE_URL"] if TESTING else VALUES["DATABASE_URL"], DATA_DIR)
}
if TESTING:
    # A thread of a test must leave no session behind that keeps the database from being dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "unionhome_session"
SESSION_COOKIE_AGE = 60 * max(IDLE_MINUTES_MY, IDLE_MINUTES_DESK)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "unionhome_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "unionhome.config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
BEHIND_TLS = VALUES["BEHIND_TLS"]
if BEHIND_TLS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"

STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "collected"
if TESTING:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BUILD_DIR / "static"] if (BUILD_DIR / "static").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["unionhome.config.uploads.BoundedUploads"]
"""Uploads stay in memory until they are sealed: nothing unsealed touches the disk."""

TASKS = {
    "default": {
        "BACKEND": "unionhome.core.jobs.backend.LeaseBackend"
        if find_spec("unionhome.core.jobs")
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "unionhome.config.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": VALUES["LOG_LEVEL"]},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]
