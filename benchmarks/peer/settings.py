"""Django, as its manual sets it up for production: persistent connections, no debugging, Jinja2 templates."""

from __future__ import annotations

from appliance.core.settings import get_settings

DEBUG = False
SECRET_KEY = "measured on a private machine only"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.peer.urls"
INSTALLED_APPS = ["benchmarks.peer.apps.Peer"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "benchmarks.peer.sessions.SignIn",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": get_settings().socket_dir,
        "NAME": "ncen",
        "USER": "ncen_app",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"options": "-c jit=off"},
    }
}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
