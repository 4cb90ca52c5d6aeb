"""All settings, read from the environment here and nowhere else.

`.env.example` lists the variables. A value that makes no sense ends the process with a
sentence that names the variable.
"""

import hashlib
import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from liveblog import databases, release

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
_given = set(os.environ)
env.read_env(str(BASE_DIR / ".env"), recurse=False)
# Names alone: a process that is started later reads the file anew.
FROM_ENV_FILE = frozenset(os.environ) - _given


def _read(reader: Any, name: str, default: Any, wanted: str) -> Any:
    """One variable, or a sentence that says what was wanted instead."""
    try:
        return reader(name, default)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} should be {wanted}.") from error


DEBUG = _read(env.bool, "DEBUG", False, "true or false")
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is required when DEBUG is off. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    # Kept beside the database so that a restart of the demo does not log its editors out.
    _key_file = BASE_DIR / "run" / "secret_key"
    if not _key_file.exists():
        _key_file.parent.mkdir(exist_ok=True)
        _key_file.write_text(secrets.token_urlsafe(50))
    SECRET_KEY = _key_file.read_text().strip()

PORT = _read(env.int, "PORT", 8000, "a number from 1 to 65535")
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname or _site.path:
    raise ImproperlyConfigured("SITE_URL should be an address such as https://live.example.org, without a path.")
SITE_NAME = env.str("SITE_NAME", "Newsroom")
ALLOWED_HOSTS = _read(env.list, "ALLOWED_HOSTS", [_site.hostname], "host names with commas between them")
if DEBUG:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = _read(env.list, "CSRF_TRUSTED_ORIGINS", [], "origins with commas between them")
HOST = env.str("HOST", "127.0.0.1")
PARTNER_PORT = _read(env.int, "PARTNER_PORT", 8001, "a number from 1 to 65535")
# Whether `manage.py run` plays the rehearsal beside the server.
DEMO = _read(env.bool, "DEMO", True, "0 or 1")
for _name, _port in (("PORT", PORT), ("PARTNER_PORT", PARTNER_PORT)):
    if not 0 < _port < 65536:
        raise ImproperlyConfigured(f"{_name} should be a number from 1 to 65535.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "csp",
    "channels",
    "events",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # After allauth's, whose admin it replaces.
    "liveblog.accounts",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "liveblog.hashed.AnyRelease",
    "csp.middleware.CSPMiddleware",
    "liveblog.sessions.EditorsSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Holds what its own pages need to know of a request; touches no session.
    "allauth.account.middleware.AccountMiddleware",
    "liveblog.accounts.middleware.members",
    "liveblog.problems.not_found",
]
ROOT_URLCONF = "liveblog.urls"
ASGI_APPLICATION = "liveblog.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
DATABASES = {"default": databases.of(env.str("DATABASE_URL", f"sqlite:///{BASE_DIR / 'liveblog.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in ("redis", "rediss", "unix"):
    raise ImproperlyConfigured("REDIS_URL should look like redis://host:6379/0.")
# What one newsroom's processes say to each other is no other's, whose events have the same numbers: the number of
# Redis's database does not separate it.
REDIS_PREFIX = env.str("REDIS_PREFIX", "") or hashlib.sha256(f"{SECRET_KEY} {SITE_URL}".encode()).hexdigest()[:12]
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # Without its own timeouts a frozen Redis would hold the announcing task for seconds, and one that
            # takes connections and says nothing would hold a subscription's greeting for ever. Neither is for
            # silence on a subscription, which is the usual thing; that is the echo's to judge (live/groups).
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": 1.0, "socket_connect_timeout": 0.5}],
                "prefix": REDIS_PREFIX,
            },
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
# Tries to log in are counted in what all processes share. Readers' pages are kept in each process by itself.
_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {
    "default": {"BACKEND": "liveblog.shared.SharedCache", "LOCATION": REDIS_URL, "KEY_PREFIX": REDIS_PREFIX}
    if REDIS_URL
    else _MEMORY,
    "pages": _MEMORY | {"LOCATION": "pages"},
}
# On SIGTERM: seconds in which a load balancer sees `/readyz` say 503 before we stop accepting, and seconds
# over which readers are sent away. In a demo nobody waits for either.
DRAIN_NOTICE = _read(env.float, "DRAIN_NOTICE", 0.0 if DEBUG else 5.0, "a number of seconds from 0 to 600")
DRAIN_SECONDS = _read(env.float, "DRAIN_SECONDS", 1.0 if DEBUG else 10.0, "a number of seconds from 0 to 600")
for _name, _seconds in (("DRAIN_NOTICE", DRAIN_NOTICE), ("DRAIN_SECONDS", DRAIN_SECONDS)):
    if not 0 <= _seconds <= 600:
        raise ImproperlyConfigured(f"{_name} should be a number of seconds from 0 to 600.")
LOOK_SECONDS = 1.5 if REDIS_URL else 0.4
PULSE_SECONDS = 25
# Sockets of one process, and of one address in it; whoever finds no place polls.
SOCKETS_MAX = _read(env.int, "SOCKETS_MAX", 20_000, "a number")
SOCKETS_PER_ADDRESS = _read(env.int, "SOCKETS_PER_ADDRESS", 200, "a number")
# Handshakes a second that one process takes; a core can do about twice as many, and has other work.
ACCEPT_RATE = _read(env.int, "ACCEPT_RATE", 600, "a number above 0")
if ACCEPT_RATE < 1:
    raise ImproperlyConfigured("ACCEPT_RATE should be a number above 0.")
try:
    _proxies: list[str] = _read(env.list, "TRUSTED_PROXIES", [], "addresses with commas between them")
    TRUSTED_PROXIES = [ipaddress.ip_network(proxy.strip()) for proxy in _proxies if proxy.strip()]
except ValueError as error:
    raise ImproperlyConfigured("TRUSTED_PROXIES should be addresses or networks, such as 10.0.0.0/8.") from error

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("hi", "हिन्दी")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
SERVESTATIC_USE_FINDERS = DEBUG
SERVESTATIC_AUTOREFRESH = DEBUG
# Pictures: named at random, served by the application, since a picture that nobody may see any more must be gone.
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
# Sizes and formats are the field's (models/picture); placeholders are for sites without their own pictures.
PICTURES = {"USE_PLACEHOLDERS": False}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "liveblog.static.Storage"
    },
}

# A reader's scripts, styles and pictures come from us; the admin's editor needs a nonce for its import map.
_socket_origin = SITE_URL.replace("http", "ws", 1)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, _socket_origin],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if _site.scheme == "https":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
# The proxy that ends TLS sends http to https (docs/operating.md); which other names of the domain are on https, and
# whether browsers should know beforehand, only its owner can say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
# The browser must not send the admin's cookies with a partner's page.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Bytes of a request's body; fields, and files, of a form. The desk's longest post is far below all of them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Whoever may publish must show a code from a phone too.
SECOND_FACTOR_REQUIRED = _read(env.bool, "SECOND_FACTOR_REQUIRED", False, "true or false")
# New passwords, and old ones at the next login, are kept with the first of these.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Members are made by whoever runs the site: no sign-up, no e-mail, no other site's login.
ACCOUNT_ADAPTER = "liveblog.accounts.adapter.MemberAdapter"
ACCOUNT_FORMS = {"login": "liveblog.accounts.forms.MemberLoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# As the admin always did: two weeks, in this browser.
ACCOUNT_SESSION_REMEMBER = True
# Failed ones: from an address, and for one name from one address.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
MFA_ADAPTER = "liveblog.accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "liveblog.accounts.forms.CodeForm",
    "reauthenticate": "liveblog.accounts.forms.CodeAgainForm",
    "activate_totp": "liveblog.accounts.forms.SetUpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1

# What a cached page depends on beside the event itself: another release, another ETag.
RELEASE = release.of(BASE_DIR, None if DEBUG else STATIC_ROOT, SITE_URL, SITE_NAME, DEBUG)
# LIVE is claimed only while the last post is younger than this.
LIVE_MINUTES = 90

#: Names what was removed by law, outside the database: a backup from before still has the words.
REMOVALS_FILE = Path(env.str("REMOVALS_FILE", str(BASE_DIR / "run" / "removals.jsonl")))
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured("LOG_LEVEL should be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Every address that is not there, by every scanner: a proxy's log has them.
        "django.request": {"level": "ERROR"},
        # One line for each reader that comes or goes would drown everything else.
        "uvicorn.error": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
    },
}
