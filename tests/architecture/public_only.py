"""An import contract of our own, run by import-linter with the others: an app is seen from outside by its public.py."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PublicOnlyContract(Contract):
    """No module imports into another app, except `<app>.public`.

    What is not among `apps` (hub.base) is open. The `joiners`, which put the parts together, may import `edges` too.
    `doors` (`importing app -> imported app -> module`) name the one module through which an app may use another.
    """

    apps = fields.ListField(subfield=fields.StringField())
    joiners = fields.ListField(subfield=fields.StringField())
    edges = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        offences = [
            f"{importer} imports {imported}"
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._is_allowed(importer, imported)
        ]
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for offence in check.metadata["offences"]:
            output.print_error(offence)

    def _is_allowed(self, importer: str, imported: str) -> bool:
        ours, theirs = self._app_of(importer), self._app_of(imported)
        if theirs is None or theirs == ours or ".migrations" in importer:
            return True
        inside = imported.removeprefix(theirs).strip(".").split(".")[0]
        if importer in _values(self.joiners):
            return inside in {"public", *_values(self.edges)}
        door = self._doors().get((ours or "", theirs))
        return inside == "public" and (door is None or importer == door)

    def _app_of(self, module: str) -> str | None:
        """The closed app that the module belongs to, if any."""
        found = [app for app in _values(self.apps) if module == app or module.startswith(f"{app}.")]
        return max(found, key=len) if found else None

    def _doors(self) -> dict[tuple[str, str], str]:
        split = (door.split(" -> ") for door in _values(self.doors))
        return {(ours, theirs): module for ours, theirs, module in split}


def _values(field: Any) -> list[str]:
    """What a field holds once import-linter has filled it in."""
    return list(field)
