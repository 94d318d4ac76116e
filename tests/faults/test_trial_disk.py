"""The disk fills up under a running trial."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.sims.trial import STOP_SECONDS, Trial

Start = Callable[..., Trial]
MOUNT = "mount -t tmpfs -o mode=1777,size=700m none {folder}"
SENTENCE = (
    "The disk of this server is full. Nothing was changed, and what was saved before is kept."
)
ENOUGH_TRIES = 200  # far more than the pages of a table that were free


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with path.open("wb", buffering=0) as stream:
        for block in (1 << 20, 4096, 1):
            try:
                while stream.write(b"\0" * block):
                    pass
            except OSError:
                continue


def try_to_sign_in(trial: Trial) -> httpx.Response:
    """One attempt; it writes to the database whether it succeeds or not."""
    with httpx.Client(base_url=f"http://127.0.0.1:{trial.port}", timeout=20) as visitor:
        token = visitor.get("/login").text.split('name="_csrf_token" value="')[1].split('"')[0]
        data = {"_csrf_token": token, "login": f"nobody-{id(visitor)}", "password": "wrong"}
        return visitor.post("/login", data=data)


def test_full_disk_is_said_and_survived(fresh_place: Path, start: Start) -> None:
    disk = fresh_place / "disk"
    disk.mkdir(mode=0o777)
    running = start(disk / "state", mounts=MOUNT.format(folder=disk))
    running.wait_until_open()
    processes = running.children()
    inside = Path(f"/proc/{running.process.pid}/root{disk}")
    assert running.sign_in().get("/seizures").status_code == 200

    fill(inside / "filling")
    answers = [try_to_sign_in(running)]
    while answers[-1].status_code != 503 and len(answers) < ENOUGH_TRIES:
        answers.append(try_to_sign_in(running))
    assert answers[-1].status_code == 503
    assert SENTENCE in re.sub(r"\s+", " ", answers[-1].text)
    assert {answer.status_code for answer in answers} <= {401, 422, 429, 503}
    assert running.get("/login").status_code == 200

    (inside / "filling").unlink()
    assert running.get_well("/health").json()["ready"]
    assert running.sign_in("supervisor").get("/seizures").status_code == 200
    assert running.children() == processes
    assert running.stop() < STOP_SECONDS
    assert running.process.returncode == 0
