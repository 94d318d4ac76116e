"""The pages and the API of the imports: who may, what is refused, what is shown."""

from __future__ import annotations

import csv
import io
import random
import re
from typing import Any

import httpx
import pytest

from appliance.app.imports.fields import MAPPING_TITLES
from appliance.core import db
from appliance.core.i18n import LANGUAGES, translate
from tests.conftest import SignedIn
from tests.data.unodc_like import COLUMNS, as_csv, as_zip, rows
from tests.integration.imports.conftest import ImportFile, run_jobs

GOOD = rows(3, 1, bad=False)[0]
BAD = [{"AMOUNT": "=1+1"}.get(name, value) for name, value in zip(COLUMNS, GOOD, strict=True)]
FILE = as_csv([GOOD, GOOD, BAD])
FORM = {"mapping": "UNODC-IDS", "repeats": "HOLD"}
WRONG_ROLES = ["officer", "investigator", "analyst", "trainer", "admin"]


async def upload(
    client: httpx.AsyncClient, content: bytes = FILE, name: str = "seizures.csv", **form: str
) -> httpx.Response:
    return await client.post("/imports", data={**FORM, **form}, files={"file": (name, content)})


async def send(client: httpx.AsyncClient, content: bytes = FILE, **form: str) -> httpx.Response:
    return await client.post(
        "/api/v1/imports", data={"mapping": "unodc-ids", **form}, files={"file": ("s.csv", content)}
    )


def stored_blobs() -> set[str]:
    """The files of the blob store, those on their way in among them."""
    from appliance.core.settings import get_settings

    return {str(path) for path in get_settings().blobs.rglob("*") if path.is_file()}


async def finished(client: httpx.AsyncClient, **form: str) -> str:
    """The address of an import that has ended."""
    answer = await upload(client, FILE, **form)
    assert answer.status_code == 303, answer.text
    assert await run_jobs() == []
    return answer.headers["location"]


async def test_a_file_is_uploaded_read_and_reported(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    empty = await supervisor.get("/imports")
    assert "No imports yet" in empty.text
    page = await supervisor.get("/imports/new")
    assert "Layout of the file" in page.text
    answer = await upload(supervisor)
    waiting = await supervisor.get(answer.headers["location"])
    assert "The import waits for its turn." in waiting.text
    assert "every 2s" in waiting.text
    await run_jobs()
    done = await supervisor.get(answer.headers["location"])
    assert "every 2s" not in done.text
    assert "Decide about the held rows" in done.text
    figures = re.findall(r'class="tile-value"><bdi>(\d+)</bdi>', done.text)
    assert figures == ["3", "1", "1", "0", "1"]
    listed = await supervisor.get("/imports")
    assert "seizures.csv" in listed.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_fields_and_layout_are_called_by_their_labels(
    signed_in: SignedIn, language: str
) -> None:
    supervisor = await signed_in("supervisor")
    odd = {"COUNTRY": "Kenya", "DEPARTURE_COUNTRY": "Atlantis", "INSTALLATION": ""}
    row = [odd.get(name, value) for name, value in zip(COLUMNS, GOOD, strict=True)]
    supervisor.cookies.set("lang", language, domain="ncen.test", path="/")
    address = (await upload(supervisor, as_csv([row]))).headers["location"]
    assert await run_jobs() == []
    page = await supervisor.get(address)
    told = (await supervisor.get(f"/api/v1{address}")).json()
    noted = {column["field"] for column in told["columns"]}
    assert {"case.place_type", "leg.country"} <= noted
    assert not [name for name in noted if name in page.text]
    shown = dict(re.findall(r'rowheader"><bdi>(\w+)</bdi></th>\s*<td[^>]*>([^<]+)<', page.text))
    route, country = translate("Route", language), translate("Country", language)
    assert route in shown["DEPARTURE_COUNTRY"].partition(":")[0]
    assert country in shown["DEPARTURE_COUNTRY"].rpartition(":")[2]
    assert shown["INSTALLATION"] == translate("Type of place", language)
    assert told["mapping"] == "unodc-ids"
    assert "unodc-ids" not in page.text
    assert translate(MAPPING_TITLES[0], language) in page.text


async def test_a_layout_of_an_older_release_keeps_its_name(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    address = await finished(supervisor)
    await db.execute("UPDATE imports.batch SET mapping = 'gone-layout'")
    assert "gone-layout" in (await supervisor.get(address)).text


async def test_a_dry_run_says_that_nothing_was_loaded(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    page = await supervisor.get(await finished(supervisor, dry_run="yes"))
    assert "Checked, nothing loaded" in page.text
    assert "Would be loaded" in page.text
    assert await db.fetch_value("SELECT count(*) FROM seizures.case_file") == 0


async def test_all_mistakes_in_the_form_come_back_at_once_with_what_was_chosen(
    signed_in: SignedIn,
) -> None:
    supervisor = await signed_in("supervisor")
    answer = await supervisor.post(
        "/imports", data={"mapping": "NONE-SUCH", "repeats": "LOAD"}, files={"file": ("", b"")}
    )
    assert answer.status_code == 422
    assert "2 entries need your attention" in answer.text
    assert '<option value="LOAD" selected>' in answer.text
    assert await db.fetch_value("SELECT count(*) FROM imports.batch") == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"a;b\n1;2\n", "other columns than this mapping reads"),
        (b"%PDF-1.7\n\x00\x01\x02", "other columns than this mapping reads"),
        (b"\xff\xfea\x00;\x00", "UTF-16"),
        (as_zip(FILE, "scan.exe"), "exactly one CSV file"),
    ],
    ids=["empty", "other columns", "no table", "utf-16", "archive"],
)
async def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    signed_in: SignedIn, content: bytes, words: str
) -> None:
    supervisor = await signed_in("supervisor")
    answer = await upload(supervisor, content)
    assert answer.status_code == 422
    assert words in answer.text
    api = await send(supervisor, content)
    assert api.status_code == 422
    assert words in api.json()["detail"]


async def test_nothing_of_a_refused_file_is_stored(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    before = stored_blobs()
    noise = random.Random(7).randbytes(100_000)
    assert (await upload(supervisor, noise)).status_code == 422
    assert (await send(supervisor, noise)).status_code == 422
    unknown = await send(supervisor, as_csv([[*GOOD[:4], "nowhere", *GOOD[5:]]]), mapping="none")
    assert unknown.status_code == 404
    assert stored_blobs() == before


async def test_a_file_larger_than_a_form_is_taken_and_one_beyond_the_limit_is_not(
    signed_in: SignedIn,
) -> None:
    from appliance.app.web.limits import UPLOAD_BYTES
    from appliance.core.limits import REQUEST_BYTES

    supervisor = await signed_in("supervisor")
    large = as_csv([GOOD] * 15_000)
    assert len(large) > REQUEST_BYTES
    assert (await upload(supervisor, large)).status_code == 303
    too_large = {
        "content-length": str(UPLOAD_BYTES + 1),
        "content-type": "multipart/form-data; boundary=x",
    }
    for address in ("/imports", "/api/v1/imports"):
        answer = await supervisor.post(address, content=b"--x--", headers=too_large)
        assert answer.status_code == 413, answer.text


async def test_the_name_of_a_file_is_shown_never_used(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    answer = await upload(supervisor, name="..\\../<b>evil\u202e.csv")
    page = await supervisor.get(answer.headers["location"])
    assert "&lt;b&gt;evil.csv" in page.text


async def test_held_rows_are_decided_once(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    address = await finished(supervisor)
    wrong = await supervisor.post(f"{address}/decision", data={"decision": "perhaps"})
    assert wrong.status_code == 422
    assert (
        await supervisor.post(f"{address}/decision", data={"decision": "load"})
    ).status_code == 303
    assert await run_jobs() == []
    page = await supervisor.get(address)
    assert "Decide about the held rows" not in page.text
    assert await db.fetch_value("SELECT count(*) FROM seizures.case_file") == 2
    again = await supervisor.post(f"{address}/decision", data={"decision": "keep_out"})
    assert again.status_code == 303
    assert "Nobody needs to decide" in (await supervisor.get(address)).text


async def test_an_import_can_be_stopped_before_it_is_published(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    address = (await upload(supervisor)).headers["location"]
    assert (await supervisor.post(f"{address}/cancel")).status_code == 303
    page = await supervisor.get(address)
    assert "Stopped, nothing loaded" in page.text
    again = await supervisor.post(f"/api/v1{address}/cancel")
    assert again.status_code == 409


async def test_problems_are_listed_and_saved_without_formulas(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    address = await finished(supervisor)
    page = await supervisor.get(f"{address}/problems")
    assert "This row repeats row 2 of the file exactly." in page.text
    asked = await supervisor.get(f"{address}/problems/export")
    assert 'name="purpose"' in asked.text
    form = {"purpose": "To correct the source"}
    saved = await supervisor.post(f"{address}/problems/export", data=form)
    program = await supervisor.get(f"/api/v1{address}/problems/export", params=form)
    assert program.text == saved.text
    table = list(csv.reader(io.StringIO(saved.text.removeprefix("\ufeff"))))
    assert table[0] == ["Row", "What became of it", "Column", "Value", "Reason"]
    assert table[2][:4] == ["4", "Rejected", "AMOUNT", "'=1+1"]
    read = await db.fetch(
        "SELECT action, purpose FROM audit.entry WHERE room = 'imports' ORDER BY n"
    )
    exported = ("EXPORT", "To correct the source")
    assert [tuple(row) for row in read][-3:] == [("READ", ""), exported, exported]


async def test_problems_are_not_exported_without_a_purpose(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    address = await finished(supervisor)
    asked = await supervisor.post(f"{address}/problems/export", data={"purpose": "x"})
    assert asked.status_code == 422
    assert "at least 3 characters" in asked.text
    refused = await supervisor.get(f"/api/v1{address}/problems/export")
    assert refused.status_code == 422
    exported = "SELECT count(*) FROM audit.entry WHERE action = 'EXPORT'"
    assert await db.fetch_value(exported) == 0
    await db.execute("UPDATE accounts.session SET confirmed_at = confirmed_at - interval '1 hour'")
    late = await supervisor.get(f"{address}/problems/export")
    assert late.headers["location"].startswith("/confirm?next=")


async def test_problems_come_page_by_page(signed_in: SignedIn) -> None:
    ncp = await signed_in("ncp")
    await send(ncp, as_csv([[*BAD[:4], f"place {number}", *BAD[5:]] for number in range(5)]))
    await run_jobs()
    batch = (await ncp.get("/api/v1/imports")).json()["imports"][0]["id"]
    first = (await ncp.get(f"/api/v1/imports/{batch}/problems?limit=3")).json()
    rest = (await ncp.get(f"/api/v1/imports/{batch}/problems?limit=3&after={first['next']}")).json()
    assert [item["row"] for item in first["problems"] + rest["problems"]] == [2, 3, 4, 5, 6]
    assert rest["next"] is None


async def test_rejected_rows_are_found_among_many_held_ones(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    address = await finished(supervisor)
    assert f"{address}/problems?kind=REJECTED" in (await supervisor.get(address)).text
    rejected = await supervisor.get(f"{address}/problems?kind=REJECTED")
    assert "is not a number" in rejected.text
    assert "repeats row 2" not in rejected.text
    held = (await supervisor.get(f"/api/v1{address}/problems?kind=HELD")).json()
    assert [item["row"] for item in held["problems"]] == [3]


@pytest.mark.parametrize(
    "query",
    ["kind=X", "after=x", "limit=0", "after=-1", f"after={1 << 63}", "limit=201", "limit=1e3"],
)
async def test_an_address_that_names_no_page_is_refused(signed_in: SignedIn, query: str) -> None:
    ncp = await signed_in("ncp")
    batch = (await send(ncp)).json()["id"]
    assert (await ncp.get(f"/api/v1/imports/{batch}/problems?{query}")).status_code == 422


async def test_the_list_goes_on_where_a_page_ends(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.core import limits

    monkeypatch.setattr(limits, "PAGE_ROWS", 2)
    ncp = await signed_in("ncp")
    made = [(await send(ncp)).json()["id"] for _ in range(3)]
    first = (await ncp.get("/api/v1/imports")).json()
    rest = (await ncp.get(f"/api/v1/imports?before={first['next']}")).json()
    assert [item["id"] for item in first["imports"] + rest["imports"]] == made[::-1]
    assert (first["next"], rest["next"]) == (made[1], "")


async def test_the_api_reports_every_count_and_reason(signed_in: SignedIn) -> None:
    ncp = await signed_in("ncp")
    started = await send(ncp, repeats="load")
    assert started.status_code == 202
    await run_jobs()
    report: dict[str, Any] = (await ncp.get(f"/api/v1/imports/{started.json()['id']}")).json()
    names = ("rows", "loaded", "held", "duplicates", "rejected", "state")
    assert [report[name] for name in names] == [3, 2, 0, 0, 1, "DONE"]
    assert report["reasons"] == [
        {"column": "AMOUNT", "text": "“…” is not a number. Write it like 1250.5.", "count": 1}
    ]


@pytest.mark.parametrize(
    "form", [{"repeats": "maybe"}, {"dry_run": "perhaps"}, {"mapping": "../x"}]
)
async def test_the_api_refuses_what_it_does_not_know(
    signed_in: SignedIn, form: dict[str, str]
) -> None:
    answer = await send(await signed_in("ncp"), FILE, **form)
    assert answer.status_code in {404, 422}
    assert "detail" in answer.json()


@pytest.mark.parametrize("login", WRONG_ROLES)
async def test_others_neither_run_nor_read_imports(signed_in: SignedIn, login: str) -> None:
    other = await signed_in(login)
    assert (await other.get("/imports")).status_code == 403
    assert (await other.get("/api/v1/imports")).status_code == 403
    assert (await upload(other)).status_code == 403
    assert (await send(other)).status_code == 403
    assert await db.fetch_value("SELECT count(*) FROM imports.batch") == 0


async def test_the_auditor_reads_and_does_not_run(signed_in: SignedIn) -> None:
    address = await finished(await signed_in("supervisor"))
    auditor = await signed_in("auditor")
    page = await auditor.get(address)
    assert page.status_code == 200
    assert "Load them as cases" not in page.text
    assert (await auditor.get(f"{address}/problems")).status_code == 200
    assert (await auditor.post(f"{address}/decision", data={"decision": "load"})).status_code == 403
    assert (await upload(auditor)).status_code == 403


async def supervisor_too(signed_in: SignedIn, login: str) -> httpx.AsyncClient:
    """One of the cast who is a supervisor today."""
    await db.execute(
        "UPDATE accounts.account SET roles = ARRAY['SUPERVISOR'] WHERE login = $1", login
    )
    return await signed_in(login)


async def answers(client: httpx.AsyncClient, address: str) -> list[int]:
    """What somebody gets who tries all that can be done with an import."""
    decision = {"decision": "keep_out"}
    tried = [
        await client.get(address),
        await client.get(f"{address}/problems"),
        await client.get(f"{address}/problems/export"),
        await client.post(f"{address}/problems/export", data={"purpose": "curiosity"}),
        await client.get(f"/api/v1{address}"),
        await client.get(f"/api/v1{address}/problems"),
        await client.get(f"/api/v1{address}/problems/export?purpose=curiosity"),
        await client.get(f"/api/v1/imports?before={address.removeprefix('/imports/')}"),
        await client.post(f"{address}/cancel"),
        await client.post(f"{address}/decision", data=decision),
        await client.post(f"/api/v1{address}/cancel"),
        await client.post(f"/api/v1{address}/decision", json=decision),
    ]
    return [answer.status_code for answer in tried]


async def test_imports_of_another_office_do_not_exist(signed_in: SignedIn) -> None:
    address = await finished(await signed_in("supervisor"))
    stranger = await supervisor_too(signed_in, "officer2")
    assert set(await answers(stranger, address)) == {404}
    assert "yours to see" in (await stranger.get(address)).text
    assert (await stranger.get("/api/v1/imports")).json()["imports"] == []
    assert address not in (await stranger.get("/imports")).text
    assert "Imports with held rows" not in (await stranger.get("/")).text
    state = "SELECT held_state FROM imports.batch"
    assert await db.fetch_value(state) == "WAITING"


async def test_imports_of_the_same_office_are_a_common_matter(signed_in: SignedIn) -> None:
    address = await finished(await signed_in("supervisor"))
    colleague = await supervisor_too(signed_in, "officer")
    assert address in (await colleague.get("/imports")).text
    assert "Imports with held rows" in (await colleague.get("/")).text
    assert (await colleague.get(f"{address}/problems")).status_code == 200
    decided = await colleague.post(f"/api/v1{address}/decision", json={"decision": "keep_out"})
    assert decided.json()["held_state"] == "KEPT_OUT"


async def test_imports_of_the_command_line_belong_to_the_contact_point(
    signed_in: SignedIn, import_rows: ImportFile
) -> None:
    batch = await import_rows([GOOD, GOOD, BAD])
    address = f"/imports/{batch.id}"
    assert set(await answers(await signed_in("supervisor"), address)) == {404}
    for login in ("ncp", "auditor"):
        assert (await (await signed_in(login)).get(f"{address}/problems")).status_code == 200


async def test_who_asked_sees_an_import_after_a_move(signed_in: SignedIn) -> None:
    supervisor = await signed_in("supervisor")
    address = await finished(supervisor)
    await db.execute("UPDATE accounts.account SET office = NULL WHERE login = 'supervisor'")
    assert (await supervisor.get(address)).status_code == 200


async def test_nothing_of_it_is_for_visitors(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/imports")).headers["location"] == "/login?next=%2Fimports"
    assert (await visitor.get("/api/v1/imports")).status_code == 401


@pytest.mark.parametrize("text", ["x", "01890a5d-ac96-774b-bcce-b302099a8057", "%00", "..%2f.."])
async def test_an_address_of_no_import_is_not_found(signed_in: SignedIn, text: str) -> None:
    ncp = await signed_in("ncp")
    for address in (f"/imports/{text}", f"/imports/{text}/problems", f"/api/v1/imports/{text}"):
        assert (await ncp.get(address)).status_code == 404


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_pages_are_drawn_in_every_language(signed_in: SignedIn, language: str) -> None:
    supervisor = await signed_in("supervisor")
    address = await finished(supervisor)
    supervisor.cookies.set("lang", language)
    for path in ("/imports", "/imports/new", address, f"{address}/problems"):
        page = await supervisor.get(path)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
