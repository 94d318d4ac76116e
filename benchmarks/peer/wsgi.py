"""What gunicorn serves: `gunicorn benchmarks.peer.wsgi`."""

from __future__ import annotations

import asyncio
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peer.settings"

from django.core.wsgi import get_wsgi_application

from appliance.app.reference import api as reference

asyncio.run(reference.load_lists())
application = get_wsgi_application()
