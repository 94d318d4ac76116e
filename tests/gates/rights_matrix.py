"""Who may do what, read from the router itself: each route, its guard, the roles that pass it.

`python -m tests.gates.rights_matrix > docs/rights-matrix.md` writes the page that a test compares
with the code. It shows what guards say; which single record somebody sees is each room's rule.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from appliance.core.room import ROLE_LABELS, Right, Role

PUBLIC = "public"
SIGNED_IN = "signed in"
AGAIN = {"recently_confirmed", "recently_confirmed_or_program"}
INTRODUCTION = """\
# Rights matrix

Written from the router by `python -m tests.gates.rights_matrix > docs/rights-matrix.md`; a test
fails while this page and the code differ. A mark says that the role passes the guard of the route;
which cases somebody then sees depends on office and state of the case. “again” means that the
password has to be given again within the last ten minutes; a program's token counts as that under `/api/`.

"""


class Route(NamedTuple):
    """A method of an address, and what its guards ask for."""

    path: str
    method: str
    guards: tuple[str, ...]
    again: bool

    @property
    def right(self) -> str:
        """The one right, or a word for everybody."""
        return self.guards[0] if len(self.guards) == 1 else ""

    def allows(self, role: Role, rights: Mapping[str, Right]) -> bool:
        """Whether the role passes the guard; a right that nobody declared lets nobody in."""
        if self.right in {PUBLIC, SIGNED_IN}:
            return True
        return self.right in rights and role in rights[self.right].roles


def throw_away_app() -> Any:
    """The application, built with settings that no database answers to."""
    from appliance.app.main import build_app
    from appliance.core.settings import Settings

    with tempfile.TemporaryDirectory(prefix="ncen-rights-") as folder:
        return build_app(Settings(state_dir=folder, run_dir=folder))


def guard_of(guard: Any) -> Any:
    """The guard itself; the framework wraps one that is not a coroutine."""
    return getattr(guard, "func", guard)


def routes_of(app: Any) -> list[Route]:
    """Every method of every address but OPTIONS, which says only what there is."""
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            guards = [guard_of(guard) for guard in handler.resolve_guards()]
            rights = tuple(guard.right for guard in guards if hasattr(guard, "right"))
            again = any(getattr(guard, "__name__", "") in AGAIN for guard in guards)
            found += [
                Route(route.path_format, str(method), rights, again)
                for method in sorted(handler.http_methods - {"OPTIONS"})
            ]
    return sorted(found)


def line(cells: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |\n"


def matrix(routes: Iterable[Route], rights: Mapping[str, Right]) -> str:
    """The page."""
    roles = list(Role)
    text = INTRODUCTION + line(
        ["Method", "Address", "Right", *(ROLE_LABELS[role] for role in roles)]
    )
    text += line(["---"] * 3 + [":-:"] * len(roles))
    for route in routes:
        marks = ["x" if route.allows(role, rights) else "" for role in roles]
        right = f"{route.right}{', again' if route.again else ''}"
        text += line([route.method, f"`{route.path}`", right, *marks])
    return text


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ncen-rights-") as folder:
        settings = Path(folder) / "settings.toml"
        settings.write_text(f'state_dir = "{folder}"\nrun_dir = "{folder}"\n', encoding="utf-8")
        os.environ.setdefault("NCEN_CONFIG", str(settings))
        app = throw_away_app()
        sys.stdout.write(matrix(routes_of(app), app.state.rights))
    return 0


if __name__ == "__main__":
    sys.exit(main())
