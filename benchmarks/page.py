"""The list page for servers that are not ours: the same template with the same values, and nothing around it.

What the application works out per request (menu, languages, rights) is worked out once here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from appliance.app import ROOM_NAMES
from appliance.app.main import build_house
from appliance.app.seizures.fields import FILTERS
from appliance.app.seizures.routes import pages as ours
from appliance.app.web import pages
from appliance.app.web.auth import Principal
from appliance.app.web.forms import Form
from appliance.core import clock
from appliance.core.i18n import LANGUAGES, translate
from appliance.core.room import ROLE_LABELS, Role, load_rooms
from appliance.core.settings import get_settings

PATH = "/seizures"
TOKEN = re.compile(
    r'(name="_csrf_token" value="|x-csrftoken&#34;: &#34;|x-csrftoken&quot;: &quot;)[^"&]*'
)
# When and from which address a page was printed.
PRINT_FOOT = re.compile(r"As it stood on .*?</div>", re.DOTALL)


def plain(html: bytes) -> str:
    """A page without what must differ from answer to answer."""
    return PRINT_FOOT.sub("", TOKEN.sub(r"\1", html.decode()))


class ListPage:
    """Renders the list page for one person."""

    def __init__(self) -> None:
        self.house = build_house(get_settings(), load_rooms(ROOM_NAMES))
        self.template = self.house.environment.get_template("seizures/list.html")
        state = SimpleNamespace(house=self.house, rights=self.house.rights)
        self.request = SimpleNamespace(app=SimpleNamespace(state=state))
        self.columns = ours.columns()
        self.frames: dict[UUID, pages.Page] = {}

    def frame(self, person: Principal, token: str) -> pages.Page:
        """What stands around the list for this person."""
        found = self.frames.get(person.id)
        if found is None:
            found = self.frames[person.id] = pages.Page(
                lang="en",
                dir="ltr",
                theme="auto",
                languages=[(item.code, item.name) for item in LANGUAGES.values()],
                principal=person,
                role_labels=[translate(ROLE_LABELS[role]) for role in sorted(person.roles)],
                menu=pages.shown_menu(self.house, person, PATH),
                flashes=[],
                csrf_token=token,
                path=PATH,
                query="",
                notices=list(self.house.notices()),
                version=self.house.version,
                moment=clock.now(),
                address=f"http://127.0.0.1{PATH}",
            )
        return found

    def html(
        self,
        person: Principal,
        token: str,
        cases: Sequence[Any],
        following: str,
        count: int,
    ) -> str:
        """The page."""
        return self.template.render(
            page=self.frame(person, token),
            request=self.request,
            form=Form(FILTERS, {}),
            chips=[],
            columns=self.columns,
            export_url="/seizures/export",
            rows=[ours.list_row(case) for case in cases],
            count_text=ours.count_text(count),
            prev_url="",
            next_url=f"{PATH}?after={following}" if following else "",
            searching=False,
            filtering=False,
        )


def principal(row: Any) -> Principal:
    """The person of a session row."""
    return Principal(
        id=row["id"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        office=row["office"] or "",
        unit=row["unit"] or "",
        language=row["language"],
        session_id=row["session"],
    )
