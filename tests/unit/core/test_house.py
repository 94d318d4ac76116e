"""What rooms declare, settings, and the SQL of grants; without a database."""

from pathlib import Path

import pytest

from appliance.app import ROOM_NAMES
from appliance.core.errors import CannotStart
from appliance.core.migrate import grant_statements, refuse_newer
from appliance.core.room import (
    ALL_ROLES,
    CASE_ROLES,
    ROLE_LABELS,
    Right,
    Role,
    Room,
    load_attribute,
    load_rooms,
    rights_by_name,
)
from appliance.core.settings import read_settings

ROOMS = load_rooms(ROOM_NAMES)


def test_the_local_administrator_has_no_right_to_cases() -> None:
    assert Role.ADMIN not in CASE_ROLES
    assert set(ROLE_LABELS) == ALL_ROLES


def test_a_right_that_is_declared_twice_is_refused() -> None:
    right = Right("x.read", ALL_ROLES, "Read")
    with pytest.raises(ValueError, match=r"x\.read"):
        rights_by_name([Room(name="x", title="X", rights=(right, right))])


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_what_a_room_declares_is_there(room: Room) -> None:
    rights = rights_by_name(ROOMS)
    assert {entry.right for entry in room.menu} <= rights.keys()
    for right in room.rights:
        assert right.roles, right.name
        assert right.label[0].isupper(), right.name
    references = [job.handler for job in room.jobs] + list(room.listens.values())
    for reference in (*references, *([room.seed] if room.seed else [])):
        assert callable(load_attribute(room.name, reference))


def test_events_that_are_listened_to_name_a_room() -> None:
    for room in ROOMS:
        assert {event.split(".")[0] for event in room.listens} <= set(ROOM_NAMES)


def test_grants_are_taken_away_before_they_are_given() -> None:
    statements = list(grant_statements("audit", {"entry": "SELECT"}))
    taken = next(i for i, text in enumerate(statements) if text.startswith("REVOKE"))
    given = next(i for i, text in enumerate(statements) if "audit.entry" in text)
    assert taken < given
    assert statements[given] == "GRANT SELECT ON audit.entry TO ncen_app"


def test_the_data_of_a_newer_release_are_not_touched() -> None:
    refuse_newer({("core", "1")}, {("core", "1"), ("core", "2")})
    with pytest.raises(CannotStart):
        refuse_newer({("core", "3")}, {("core", "1")})


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_settings_have_safe_defaults(tmp_path: Path) -> None:
    found = read_settings(settings_file(tmp_path, 'state_dir = "/s"\nrun_dir = "/r"\n'))
    assert (found.demo, found.log_json, found.host) == (False, True, "127.0.0.1")
    assert {"ADMIN", "NCP", "AUDITOR"} <= set(found.second_factor_roles)
    assert found.socket_dir == "/r"
    assert found.blobs == Path("/s/blobs")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "state_dir = ",
        'state_dir = "/s"',
        'state_dir = "/s"\nrun_dir = "/r"\ncolour = "red"\n',
        'state_dir = "/s"\nrun_dir = "/r"\nport = "high"\n',
    ],
)
def test_settings_that_cannot_be_right_stop_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(CannotStart):
        read_settings(settings_file(tmp_path, text))
    with pytest.raises(CannotStart):
        read_settings(tmp_path / "absent.toml")
