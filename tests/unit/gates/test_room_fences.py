import grimp
import pytest

from tests.gates.room_fences import RoomFences

APP = "appliance.app"


def kept(importer: str, imported: str) -> bool:
    graph = grimp.ImportGraph()
    for module in (APP, f"{APP}.{importer}", f"{APP}.{imported}"):
        graph.add_module(module)
    graph.add_import(importer=f"{APP}.{importer}", imported=f"{APP}.{imported}")
    contract = RoomFences(
        name="rooms",
        session_options={"root_packages": ["appliance"]},
        contract_options={
            "application": APP,
            "open_modules": ["api", "schemas"],
            "composition": ["main"],
            "shared": ["web"],
        },
    )
    return contract.check(graph, verbose=False).kept


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("imports.service", "seizures.api"),
        ("imports.service", "seizures.schemas"),
        ("imports.routes", "imports.service"),
        ("imports.routes", "web.forms"),
        ("main", "seizures"),
        ("main", "seizures.api"),
    ],
)
def test_a_room_may_use_the_doors_of_another(importer: str, imported: str) -> None:
    assert kept(importer, imported)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("imports.service", "seizures.tables"),
        ("imports.service", "seizures.service"),
        ("imports.service", "seizures"),
        ("web.pages", "accounts.service"),
        ("main", "seizures.routes"),
    ],
)
def test_a_room_may_not_climb_into_another(importer: str, imported: str) -> None:
    assert not kept(importer, imported)
