"""`ncen work`: takes what is due from core.job and runs what the rooms declare; delivers the outbox.

No room: it composes them, as `main` does for the web. `worker` repeats the rounds and takes what is due, `running`
carries a job out, `outcomes` notes how it ended, `locks` tells a live process from one that was killed, and `facts`
hands on what rooms tell each other.
"""

from __future__ import annotations

from appliance.app.work.running import job_kinds, run_handler, run_single
from appliance.app.work.worker import Worker

__all__ = ["Worker", "job_kinds", "run_handler", "run_single"]
