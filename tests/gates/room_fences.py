"""The rule between rooms, as a contract for import-linter: another room's api and schemas, no more.

The ready-made contracts cannot say "any room but the module's own", which is the whole rule here.
What composes the application may also take each room as a package (its ROOM).
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RoomFences(Contract):
    type_name = "room_fences"

    application = fields.StringField()
    open_modules = fields.SetField(subfield=fields.StringField())
    composition = fields.SetField(subfield=fields.StringField())
    shared = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - given.
        del verbose
        climbed = [
            (importer, imported)
            for importer in sorted(graph.find_descendants(str(self.application)))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._climbs_a_fence(importer, imported)
        ]
        return ContractCheck(kept=not climbed, metadata={"climbed": climbed})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["climbed"]:
            output.print_error(f"- {importer} -> {imported}", bold=False)
        output.new_line()

    def _climbs_a_fence(self, importer: str, imported: str) -> bool:
        if not imported.startswith(f"{self.application}."):
            return False
        from_room, to_room = self._room(importer), self._room(imported)
        if to_room == from_room or to_room in self._names("shared"):
            return False
        inside = imported.removeprefix(f"{self.application}.").split(".")[1:]
        if from_room in self._names("composition"):
            return bool(inside) and inside[0] not in self._names("open_modules")
        return not inside or inside[0] not in self._names("open_modules")

    def _names(self, field: str) -> frozenset[str]:
        # The fields are descriptions on the class and plain sets on the instance.
        return frozenset(str(name) for name in getattr(self, field))

    def _room(self, module: str) -> str:
        return module.removeprefix(f"{self.application}.").split(".")[0]
