"""Requests that no page sends: each gets a sentence and a 4xx, in the form and the language of the asker."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from appliance.core.i18n import LANGUAGES, translate
from appliance.core.room import Role
from tests.integration.conftest import SEIZURE, House

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
NOTHING = "There is nothing at this address, or you may not see it."
PATHS = (
    "/nothing",
    "/seizures/%00",
    "/seizures/%FF%FE",
    "/seizures/%E2%80%AE",
    "/seizures/..%2f..%2fetc%2fpasswd",
    "/seizures/" + "x" * 3000,
    "/seizures/01890a5d-ac96-774b-bcce-b302099a8057/nothing",
    "/seizures/01890A5D-AC96-774B-BCCE-B302099A8057x",
    "/reference/NOTHING",
    "/reference/%00",
    "/reference/é",
    "/api/v1/reference/%00",
    "/api/v1/seizures/%00/history",
    "/api/v1/audit/99999999999999999999999",
    "/api/v1/nothing",
    "//seizures//x",
    "/static/%00",
    "/static/" + "../" * 40 + "etc/passwd",
    "/api/schema/%00",
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
async def test_addresses_that_lead_nowhere(house: House, path: str) -> None:
    answer = await house.people[Role.NCP].get(path)
    assert answer.status_code in {400, 404, 422}
    if path.startswith("/api/v1/"):
        assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_sentence_comes_in_the_readers_language(house: House, language: str) -> None:
    for path in ("/nothing", "/api/v1/nothing"):
        answer = await house.visitor.get(path, headers={"accept-language": f"{language};q=0.9"})
        assert answer.status_code == 404
        shown = answer.json()["detail"] if path.startswith("/api") else answer.text
        assert translate(NOTHING, language) in shown


@pytest.mark.parametrize("path", ["/seizures", "/reference", "/desk/", "/api/v1/reference"])
async def test_a_slash_at_the_end_changes_nothing(house: House, path: str) -> None:
    officer = house.people[Role.OFFICER]
    with_slash = await officer.get(path.rstrip("/") + "/")
    without = await officer.get(path.rstrip("/"))
    assert with_slash.status_code == without.status_code


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PURGE"])
@pytest.mark.parametrize("path", ["/seizures", "/api/v1/seizures", "/login"])
async def test_methods_that_an_address_does_not_take(house: House, method: str, path: str) -> None:
    answer = await house.people[Role.OFFICER].request(method, path)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))
    assert "it does not take this kind of request" in answer.text


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"\x00", JSON),
        (b"\xff\xfe{}", JSON),
        (b'"\\ud800"', JSON),
        (b'{"narrative": "\\ud800"}', JSON),
        (b"[" * 100_000, JSON),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, JSON),
        (b"1" * 10_000, JSON),
        (b'{"quantity": 1e400}', JSON),
        (b'{"quantity": NaN}', JSON),
        (b'{"event_date": 1, "event_date": 2}', JSON),
        (b"a=b", FORM),
        (b"<case/>", {"content-type": "application/xml"}),
        (b"{}", {"content-type": "text/plain"}),
        (b"{}", {"content-type": "nonsense"}),
        (b"{}", {"content-type": ""}),
        (b"{}", {"content-type": "application/json; charset=nonsense"}),
        (b"\x81\xa1a\x01", {"content-type": "application/msgpack"}),
        (b"x", {"content-type": "multipart/form-data"}),
        (b"x", {"content-type": "multipart/form-data; boundary=x"}),
        (b"{}", {**JSON, "content-encoding": "gzip"}),
    ],
    ids=lambda part: str(part)[:50],
)
async def test_bodies_that_are_no_case(
    house: House, content: bytes, headers: dict[str, str]
) -> None:
    answer = await house.people[Role.OFFICER].post(
        "/api/v1/seizures", content=content, headers=headers
    )
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) >= {"title", "status", "detail", "code", "instance"}


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"narrative=%FF%FE", FORM),
        (b"narrative=\xff\xfe", FORM),
        (b"narrative=%ZZ", FORM),
        (b"=&=&=", FORM),
        (b"&" * 10_000, FORM),
        (b"a" * 100_000, FORM),
        (b"%00=%00", FORM),
        (b"{}", JSON),
        (b"x", {"content-type": "text/plain"}),
        (b"x", {"content-type": "multipart/form-data"}),
        (b"x", {"content-type": "multipart/form-data; boundary="}),
        (b"--x\r\n\r\n--x--", {"content-type": "multipart/form-data; boundary=x"}),
        (
            b'--x\r\ncontent-disposition: form-data; name="narrative"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            {"content-type": "multipart/form-data; boundary=x"},
        ),
        (
            b'--x\r\ncontent-disposition: form-data; name="narrative"\r\ncontent-type: text/plain; charset=no\r\n\r\nx\r\n--x--\r\n',
            {"content-type": "multipart/form-data; boundary=x"},
        ),
        (
            b'--x\r\ncontent-disposition: form-data; name="narrative"; filename="x"\r\n\r\nx\r\n--x--\r\n',
            {"content-type": "multipart/form-data; boundary=x"},
        ),
        (
            b"--x\r\ncontent-disposition: form-data\r\n\r\nx\r\n--x--\r\n",
            {"content-type": "multipart/form-data; boundary=x"},
        ),
        (b"", {"content-type": "application/x-www-form-urlencoded; charset=utf-16"}),
    ],
    ids=lambda part: str(part)[:60],
)
@pytest.mark.parametrize("guarded", ["by header", "by field"])
async def test_forms_that_no_page_sends(
    house: House, content: bytes, headers: dict[str, str], guarded: str
) -> None:
    officer = house.people[Role.OFFICER]
    without_token = {"x-csrftoken": ""} if guarded == "by field" else {}
    answer = await officer.post("/seizures", content=content, headers={**headers, **without_token})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    if guarded == "by field":
        assert answer.status_code in {400, 403, 422}


async def test_a_token_sent_as_a_file_is_no_token(house: House) -> None:
    answer = await house.people[Role.OFFICER].post(
        "/seizures",
        data=SEIZURE,
        files={"_csrf_token": ("token", b"x" * 128)},
        headers={"x-csrftoken": ""},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/seizures", "/api/v1/seizures", "/login", "/preferences/theme"])
async def test_a_body_beyond_the_limit(house: House, path: str) -> None:
    kind = JSON if path.startswith("/api/") else FORM
    body = b"x" * (2 << 20)
    for token in ({}, {"x-csrftoken": ""}):
        answer = await house.people[Role.OFFICER].post(
            path, content=body, headers={**kind, **token}
        )
        if kind is FORM or not token:
            assert answer.status_code == 413
            assert "What was sent is larger than this page accepts." in answer.text
        else:
            assert answer.status_code == 403


@pytest.mark.parametrize(
    "cookie",
    [
        "ncen=" + "x" * 99,
        "ncen=" + "x" * 5000,
        "ncen=\x00",
        "ncen=é".encode().decode("latin-1"),
        "=;=;=",
        "ncen",
        "form=" + "x" * 128,
        "form=" + "é".encode().decode("latin-1") * 80,
        "lang=xx; theme=<script>",
        "lang=\x01",
        "flash=" + "A" * 4000,
        "flash=eyJraW5kIjoieCJ9",
        "flash=bm90aGluZw==",
        "flash=%00",
        "flash=x",
        "flash=AAAA",
        "flash=e30=",
        "flash=\xe9",
        "flash=" + "A" * 1501,
    ],
    ids=lambda cookie: repr(cookie[:30]),
)
async def test_cookies_that_nobody_set(house: House, cookie: str) -> None:
    async with httpx.AsyncClient(transport=house.transport, base_url="http://ncen.test") as client:
        raw = [(b"cookie", cookie.encode("latin-1"))]
        page = await client.get("/login", headers=raw)
        assert page.status_code == 200
        assert "<script>" not in page.text
        asked = await client.get("/seizures", headers=raw)
        assert asked.status_code == 303


@pytest.mark.parametrize(
    ("key", "params"),
    [
        ("You may trust this.", {}),
        ("%(n)60000000d", {"n": 1}),
        ("%(x)s", {"n": 1}),
        ("%(n)d", {"n": "x"}),
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\0" * 32])
async def test_a_notice_of_another_hand_is_not_shown(
    house: House, key: str, params: dict[str, Any], mark: bytes
) -> None:
    """Its sentence would be filled in like our own: a width of millions costs as many bytes of memory."""
    notice = json.dumps({"kind": "info", "message": {"key": key, "params": params}}).encode()
    raw = base64.urlsafe_b64encode(mark + notice).decode()
    page = await house.visitor.get("/login", headers={"cookie": f"flash={raw}"})
    assert page.status_code == 200
    assert "trust this" not in page.text
    assert len(page.content) < 100_000


async def test_a_notice_of_ours_is_shown_once(house: House) -> None:
    from appliance.app.web.pages import Flash, flash_cookie
    from appliance.core.i18n import Message

    cookie = flash_cookie(Flash("info", Message("%(n)s cases.", {"n": 12}))).value
    page = await house.visitor.get("/login", headers={"cookie": f"flash={cookie}"})
    assert "12 cases." in page.text
    assert 'flash=""; ' in page.headers["set-cookie"]


@pytest.mark.parametrize(
    "value",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer " + "x" * 99,
        "Bearer " + "x" * 9999,
        "Basic eDp4",
        "\xff",
        "Bearer ncen_\x00",
    ],
    ids=lambda value: repr(value[:20]),
)
async def test_a_token_that_nobody_made(house: House, value: str) -> None:
    """Not even the session of the same browser helps: a token alone counts where there is one."""
    raw = [(b"authorization", value.encode("latin-1"))]
    answer = await house.people[Role.OFFICER].get("/api/v1/seizures", headers=raw)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize(
    ("next_url", "allowed"),
    [
        ("/seizures", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("/" + "x" * 5000, False),
        ("/seizures\r\nset-cookie: a=b", False),
        ("/\t/evil.example", False),
    ],
    ids=lambda part: str(part)[:24],
)
async def test_nobody_is_led_away(house: House, next_url: str, allowed: bool) -> None:  # noqa: FBT001 - a case of the table
    answer = await house.people[Role.OFFICER].post(
        "/preferences/theme", data={"theme": "dark", "next": next_url}
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == (next_url if allowed else "/")


@pytest.mark.parametrize(
    "query", ["?%00=%00", "?q=%FF", "?=&=&&&", "?" + "a=1&" * 900, "?q[]=1", "?q=" + "%F0%9F%90%98"]
)
@pytest.mark.parametrize(
    "path", ["/seizures", "/api/v1/seizures", "/reference", "/login", "/audit"]
)
async def test_questions_that_mean_nothing(house: House, path: str, query: str) -> None:
    answer = await house.people[Role.NCP].get(path + query)
    assert answer.status_code in {200, 303, 400, 422}


async def test_who_only_read_is_not_told_of_a_form(house: House) -> None:
    page = await house.people[Role.NCP].get("/seizures?after=damaged")
    assert page.status_code == 422
    assert "Your entries are still in the form" not in page.text
    assert "begin again at the start page" in page.text


@pytest.mark.parametrize(
    "query", ["from=31.12.2020", "from=2026-02-01&to=2026-01-01", "country=NOWHERE"]
)
async def test_filters_that_cannot_be_used_find_nothing(house: House, query: str) -> None:
    page = await house.people[Role.NCP].get(f"/seizures?{query}")
    assert page.status_code == 422
    assert "1 filter cannot be used:" in page.text
    assert "The list was not read" in page.text
    assert "<table" not in page.text
    assert "Nothing was saved" not in page.text
