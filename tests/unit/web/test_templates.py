"""What templates may say: icons that are drawn, assets that are built, nothing the policy refuses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.app import ROOM_NAMES
from appliance.app.main import build_menu
from appliance.app.web.pages import WEB, asset_names
from appliance.core.room import load_rooms

TEMPLATES = sorted(WEB.parent.glob("*/templates/**/*.html"))
ICON = re.compile(r"""(?:icon\(|symbol=)["']([a-z0-9-]+)["']""")
ASSET = re.compile(r"""asset\(["']([a-z0-9./-]+)["']""")
# An attribute that runs or styles, or a script or style of the page's own.
REFUSED = re.compile(
    r"""\s(?:style|on[a-z]+)=["']|<style|<script(?![^>]*\ssrc=)|javascript:""", re.IGNORECASE
)


def drawn_icons() -> set[str]:
    lines = (WEB / "assets" / "icons.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")} | {"mark"}


def found_in_templates(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for path in TEMPLATES:
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            yield path.name, match.group(1)


def test_every_icon_of_a_template_is_drawn() -> None:
    named = set(found_in_templates(ICON))
    assert len(named) > 10
    assert {(file, name) for file, name in named if name not in drawn_icons()} == set()


def test_every_icon_of_the_navigation_is_drawn() -> None:
    named = {entry.icon for entry in build_menu(load_rooms(ROOM_NAMES))}
    assert named
    assert named <= drawn_icons()


def test_every_asset_of_a_template_is_built() -> None:
    named = {name for _, name in found_in_templates(ASSET)}
    assert named
    assert named <= set(asset_names())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_in_a_template_breaks_the_content_policy(path: Path) -> None:
    assert REFUSED.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="x">',
        "<a onclick='x'>",
        "<style>",
        "<script>x</script>",
        '<a href="javascript:x">',
    ],
)
def test_what_the_policy_refuses_is_recognised(text: str) -> None:
    assert REFUSED.search(text)
