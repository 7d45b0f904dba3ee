"""The smallest Django site that has its admin, in one module: settings, addresses, and the app."""
import os

from django.conf import settings

settings.configure(
    SECRET_KEY='for a test', DEBUG=True, ALLOWED_HOSTS=['*'], ROOT_URLCONF=__name__, STATIC_URL='static/',
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.environ['SITE_DATABASE']}},
    INSTALLED_APPS=['django.contrib.' + name for name in
                    ('admin', 'auth', 'contenttypes', 'sessions', 'messages', 'staticfiles')],
    MIDDLEWARE=[
        'django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.common.CommonMiddleware',
        'django.middleware.csrf.CsrfViewMiddleware', 'django.contrib.auth.middleware.AuthenticationMiddleware',
        'django.contrib.messages.middleware.MessageMiddleware',
    ],
    TEMPLATES=[{
        'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True,
        'OPTIONS': {'context_processors': [
            'django.template.context_processors.request', 'django.contrib.auth.context_processors.auth',
            'django.contrib.messages.context_processors.messages',
        ]},
    }],
)

import django  # noqa: E402

django.setup()

from django.contrib import admin  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402

urlpatterns = [path('admin/', admin.site.urls)]


def prepared(application):
    # ASGI servers load the app within their loop.
    os.environ['DJANGO_ALLOW_ASYNC_UNSAFE'] = 'true'
    from django.contrib.auth.models import User
    call_command('migrate', verbosity=0)
    if not User.objects.filter(username='admin').exists():
        User.objects.create_superuser('admin', 'admin@example.org', 'secret')
    return application


def wsgi():
    return prepared(get_wsgi_application())


def asgi():
    return prepared(get_asgi_application())
