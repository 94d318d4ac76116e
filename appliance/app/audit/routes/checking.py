"""The page of the seals: the check that was asked for last, and a button for a new one."""

from typing import Any, NamedTuple

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Redirect

from appliance.app.audit import limits, service
from appliance.app.audit.findings import Verdict
from appliance.app.web.auth import requires
from appliance.app.web.pages import redirect, render, show_number
from appliance.app.web.rates import at_most
from appliance.core import outbox
from appliance.core.i18n import N_, Message, translate

VERIFY = requires("audit.verify")
VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.OK: ("success", N_("Every sealed entry stands as it was written.")),
    Verdict.WARN: (
        "warning",
        N_(
            "Every sealed entry stands as it was written, but some entries wait longer than a minute"
            " for their seal. Tell the administrator if this stays so."
        ),
    ),
    Verdict.CRITICAL: (
        "danger",
        N_(
            "The trail was changed. Keep this page, tell the administrator and whoever is in charge"
            " of data protection, and do not restore or repair anything before they have seen it."
        ),
    ),
}


class Progress(NamedTuple):
    """A check that waits or runs, as the page shows it."""

    id: str
    title: str
    text: str
    done: int
    total: int
    finished: bool
    url: str


def progress_of(job: outbox.JobRow) -> Progress:
    """How far a check is."""
    done, total = job.progress.get("done", 0), job.progress.get("total", 0)
    text = N_("It will begin shortly.")
    if job.state == "RUNNING":
        text = N_("%(done)s of %(total)s seals checked.") if total else N_("It has begun.")
    return Progress(
        id=str(job.id),
        title=translate(N_("The seals are being checked.")),
        text=translate(text, done=show_number(done), total=show_number(total)),
        done=done,
        total=total,
        finished=job.state in {"DONE", "FAILED"},
        url="/audit/check",
    )


def failure_of(job: outbox.JobRow) -> str:
    """Why a check ended without a result."""
    return msgspec.json.decode(job.error, type=Message).text() if job.error else ""


@get("/audit/check", guards=[VERIFY], include_in_schema=False)
async def check_page(request: Request[Any, Any, Any]) -> Response[str]:
    job = await service.latest_check()
    report = service.report_of(job) if job else None
    return render(
        request,
        "audit/check.html",
        job=progress_of(job) if job else None,
        failure=failure_of(job) if job and job.state == "FAILED" else "",
        ended_at=job.ended_at if job else None,
        report=report,
        verdict=VERDICTS[report.verdict] if report else None,
        findings=[finding.message().text() for finding in report.findings] if report else [],
    )


@post(
    "/audit/check",
    guards=[VERIFY],
    include_in_schema=False,
    middleware=[at_most(limits.CHECKS_A_MINUTE)],
)
async def check() -> Redirect:
    await service.ask_check()
    return redirect("/audit/check")


ROUTES = [check_page, check]
