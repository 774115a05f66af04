"""
One settings module, read from the environment; docs/settings.md lists every variable.

Without DATABASE_URL the office uses its private server and generated secrets (config.ground), so a newcomer sets nothing.
"""

from pathlib import Path

import environ

from config.ground.paths import read_secrets, socket_folder, var_folder

# NAME_FILE may hold a secret instead of NAME.
env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = var_folder()

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# A header that anybody can send is believed only behind a proxy that sets it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# The owner migrates, the application reads and writes rows: append-only tables are append-only by right.
OWNS_TABLES = env.str("VANTHU_ROLE", default="app") == "owner"
if env.str("DATABASE_URL", default=""):
    SECRET_KEY = env.str("SECRET_KEY")
    _url = "DATABASE_OWNER_URL" if OWNS_TABLES and env.str("DATABASE_OWNER_URL", default="") else "DATABASE_URL"
    DATABASES = {"default": env.db(_url)}
else:
    _secrets = read_secrets(VAR_DIR)
    SECRET_KEY = env.str("SECRET_KEY", default=_secrets["django"])
    _role = "vanthu_owner" if OWNS_TABLES else "vanthu_app"
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(socket_folder(VAR_DIR)),
            "NAME": "vanthu",
            "USER": _role,
            "PASSWORD": _secrets[_role],
        }
    }
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c lock_timeout=3s")
if test_name := env.str("VANTHU_TEST_DATABASE", default=""):
    DATABASES["default"]["TEST"] = {"NAME": test_name}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "demo",
    "desk",
    "search",
    "meetings",
    "workflow",
    "exchange",
    "documents",
    "organizations",
    "audit",
    "jobs",
    "live",
    "ui",
]
INSTALLED_APPS = [
    # Before allauth, whose pages ui gives our look.
    "ui",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "treebeard",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "viewflow.workflow",
    "django_linear_migrations",
    *(room for room in ROOMS if room != "ui"),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organizations.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.BusyMiddleware",
]
AUTH_USER_MODEL = "organizations.User"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.shell",
            ],
            # Written out: the partials app would otherwise replace the list and cotton with it.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
        },
    }
]
USE_TZ, TIME_ZONE, LANGUAGE_CODE = True, "Asia/Ho_Chi_Minh", "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
FORMAT_MODULE_PATH = ["ui.formats"]
STATIC_URL, STATIC_ROOT = "/static/", VAR_DIR / "static"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "files")))
OCR_MODEL = env.str("OCR_MODEL", default="")
# LibreOffice, by name or path: it opens RTF, DOC, ODT and tables for the reader. Empty: it is not used.
OFFICE_PROGRAM = env.str("OFFICE_PROGRAM", default="soffice")
# Where scanners and people put files for the office to take in, a folder per unit.
INTAKE_FOLDER = env.str("INTAKE_FOLDER", default="")
INTAKE_STABLE_SECONDS = env.float("INTAKE_STABLE_SECONDS", default=10)
# Mailboxes whose attachments are papers, imaps://user:password@host/INBOX?unit=CODE, and who signed their servers.
INTAKE_MAIL = env.list("INTAKE_MAIL", default=[])
INTAKE_MAIL_CA = env.str("INTAKE_MAIL_CA", default="")
SEARCH_ROOT = Path(env.str("SEARCH_ROOT", default=str(VAR_DIR / "search")))
# With a cluster's address the index lies there, and SEARCH_ROOT is left as it is.
SEARCH_URL = env.list("SEARCH_URL", default=[])
SEARCH_API_KEY = env.str("SEARCH_API_KEY", default="")
SEARCH_CA = env.str("SEARCH_CA", default="")
SEARCH_INDEX = env.str("SEARCH_INDEX", default="vanthu")
SEARCH_SHARDS = env.int("SEARCH_SHARDS", default=1)
SEARCH_REPLICAS = env.int("SEARCH_REPLICAS", default=1)
# Mail is a link and a count; without a server the office itself is where one reads (domain.md C7).
SENDS_MAIL = bool(env.str("EMAIL_URL", default=""))
vars().update(env.email("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="vanthu@localhost")
OFFICE_URL = env.str("OFFICE_URL", default="http://127.0.0.1:8000")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.ManifestStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = "config.static.is_immutable"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Sign-in: a password now; second factors come later.
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "desk:inbox", "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "organizations.accounts.ClosedSignup"
ACCOUNT_FORMS = {"login": "organizations.sign_in.SignInForm"}
ACCOUNT_USER_DISPLAY = str
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
# A whole office may come from one address at eight in the morning; one account is tried ten times in five minutes.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,10/300s/key"}
# The limits are counted by all web processes together.
CACHES = {"default": env.cache("CACHE_URL", default=f"filecache://{VAR_DIR}/cache")}
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["config.passwords.OfficeArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY, SESSION_COOKIE_SAMESITE = True, "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS_ONLY", default=False)
if SESSION_COOKIE_SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF, X_FRAME_OPTIONS = True, "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "ui.errors.csrf_failure"

# Event streams have a small server of their own: behind a proxy the same origin, without one this exact other one.
STREAMS_ORIGIN = env.str("STREAMS_ORIGIN", default="")
STREAMS_FOR = env.list("STREAMS_FOR", default=[])
LIVE_PING_SECONDS = env.float("LIVE_PING_SECONDS", default=15)
LIVE_LISTENER_POLICY = "config.listeners.allowed_topics"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *([STREAMS_ORIGIN] if STREAMS_ORIGIN else [])],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Jobs of a worker whose heart stopped for so long are given to others, at most so many times.
JOBS_STALLED_SECONDS = env.int("JOBS_STALLED_SECONDS", default=30)
JOBS_ATTEMPTS = env.int("JOBS_ATTEMPTS", default=25)
# Seconds stand in the sixth column: a dead worker's job begins anew after 30 to 45 of them.
JOBS_RETRY_CRON = env.str("JOBS_RETRY_CRON", default="* * * * * */15")
PROCRASTINATE_WORKER_DEFAULTS = {
    "update_heartbeat_interval": env.float("JOBS_HEARTBEAT_SECONDS", default=10),
    "stalled_worker_timeout": JOBS_STALLED_SECONDS,
}
PROCRASTINATE_ON_APP_READY = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.UtcFormatter", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # Each try at each node, with its traceback: what comes of it is said once, by search.
    "loggers": {"elastic_transport": {"level": "ERROR"}},
}
