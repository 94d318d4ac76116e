"""A visitor with nothing but Python's own library, who signs in or finds that this was done before.

usage: visit.py PORT COOKIES sign-in | still-signed-in
"""

from __future__ import annotations

import re
import sys
import urllib.parse
import urllib.request
from http.cookiejar import LWPCookieJar

LOGIN, PASSWORD = "officer", "Demo-officer-2026"
PAGES = ("/", "/seizures", "/seizures/new", "/account")
TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')
ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')
PATIENCE_SECONDS = 20


class Visitor:
    """A browser of a kind."""

    def __init__(self, port: str, cookies: str) -> None:
        self.house = f"http://127.0.0.1:{port}"
        self.cookies = LWPCookieJar(cookies)
        keeping = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), keeping)

    def read(self, path: str, **form: str) -> tuple[str, str]:
        """The text of a page, and where it was found in the end."""
        data = urllib.parse.urlencode(form).encode() if form else None
        with self.opener.open(self.house + path, data, PATIENCE_SECONDS) as answer:
            return answer.read().decode("utf-8", "replace"), answer.url.removeprefix(self.house)

    def sign_in(self) -> None:
        """By the page, as a person does."""
        found = TOKEN.search(self.read("/login")[0])
        assert found, "the login page has no form"
        _, place = self.read("/login", _csrf_token=found[1], login=LOGIN, password=PASSWORD)
        assert place == "/", f"signing in led to {place}"

    def look_round(self) -> None:
        """Every page is there for somebody who is signed in, and so is what it is drawn with."""
        assets = set()
        for path in PAGES:
            text, place = self.read(path)
            assert place == path, f"{path} led to {place}"
            assets |= set(ASSET.findall(text))
        assert assets, "pages without styles"
        for path in sorted(assets):
            self.read(path)


def main(port: str, cookies: str, how: str) -> None:
    visitor = Visitor(port, cookies)
    if how == "sign-in":
        visitor.sign_in()
    else:
        visitor.cookies.load(ignore_discard=True)
    visitor.look_round()
    visitor.cookies.save(ignore_discard=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
