"""The upload form's fields, and the words for the states of an import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from appliance.app.imports.mapping import find_mapping, mapping_names
from appliance.app.imports.schemas import HeldState, Kind, Repeats, State
from appliance.core.errors import NotFound
from appliance.core.fields import Field, FieldSet
from appliance.core.fields import Kind as FieldKind
from appliance.core.i18n import N_, translate
from appliance.core.limits import PAGE_ROWS_MAX

UPLOAD = FieldSet(
    Field(
        name="file",
        label=N_("File"),
        kind=FieldKind.FILE,
        help=N_("A CSV file, or a ZIP archive that holds exactly one."),
    ),
    Field(
        name="mapping",
        label=N_("Layout of the file"),
        kind=FieldKind.CODE,
        code_list="MAPPING",
        help=N_("It says which column becomes which field."),
    ),
    Field(
        name="repeats",
        label=N_("Rows that repeat another row exactly"),
        kind=FieldKind.CODE,
        code_list="REPEATS",
        help=N_("They may be entered twice, or be separate seizures that look alike."),
    ),
    Field(
        name="dry_run",
        label=N_("Only check the file, load nothing"),
        kind=FieldKind.BOOL,
    ),
)
# What a program may ask of the list of imports, and of the problems of one.
PAGE = FieldSet(Field(name="before", label=N_("Next"), max_length=36))
LARGEST_ID = (1 << 63) - 1
PROBLEMS = FieldSet(
    Field(name="kind", label=N_("Kind of problem"), kind=FieldKind.CODE, code_list="PROBLEM_KIND"),
    Field(
        name="limit",
        label=N_("Rows"),
        kind=FieldKind.INTEGER,
        minimum=Decimal(1),
        maximum=Decimal(PAGE_ROWS_MAX),
    ),
    Field(
        name="after",
        label=N_("Next"),
        kind=FieldKind.INTEGER,
        minimum=Decimal(0),
        maximum=Decimal(LARGEST_ID),
    ),
)
UPLOAD_REQUIRED = ("file", "mapping", "repeats")

REPEATS_LABELS: Mapping[Repeats, str] = {
    Repeats.HOLD: N_("Hold them until somebody decides"),
    Repeats.LOAD: N_("Load them as cases of their own"),
}
STATE_LABELS: Mapping[State, str] = {
    State.UPLOADED: N_("Waiting to start"),
    State.READING: N_("Being read"),
    State.PUBLISHING: N_("Being published"),
    State.DONE: N_("Done"),
    State.CHECKED: N_("Checked, nothing loaded"),
    State.FAILED: N_("Failed, nothing loaded"),
    State.CANCELLED: N_("Stopped, nothing loaded"),
}
STATE_KINDS: Mapping[State, str] = {
    State.UPLOADED: "neutral",
    State.READING: "info",
    State.PUBLISHING: "info",
    State.DONE: "success",
    State.CHECKED: "success",
    State.FAILED: "danger",
    State.CANCELLED: "neutral",
}
HELD_LABELS: Mapping[HeldState, str] = {
    HeldState.NONE: "",
    HeldState.WAITING: N_("Waiting for a decision"),
    HeldState.LOADING: N_("Being loaded"),
    HeldState.LOADED: N_("Loaded"),
    HeldState.KEPT_OUT: N_("Kept out"),
}
KIND_LABELS: Mapping[Kind, str] = {
    Kind.REJECTED: N_("Rejected"),
    Kind.HELD: N_("Held"),
}


# The titles of this release's mappings, for translation; a test compares them with the files.
MAPPING_TITLES = (N_("Individual drug seizures as governments report them to UNODC"),)


def mapping_label(name: str) -> str:
    """The layout of a file in the reader's language; one of an older release keeps its name."""
    try:
        return translate(find_mapping(name).title)
    except NotFound:
        return name


def choices() -> Callable[[Field], Iterable[tuple[str, str, str]]]:
    """The choices of the upload form, in the reader's language."""
    # A form holds codes in capitals; the names are written small.
    mappings = tuple((name.upper(), mapping_label(name), "") for name in mapping_names())
    repeats = tuple(
        (item.value.upper(), translate(label), "") for item, label in REPEATS_LABELS.items()
    )
    by_list = {"MAPPING": mappings, "REPEATS": repeats}

    def of_field(field: Field) -> Iterable[tuple[str, str, str]]:
        return by_list[field.code_list]

    return of_field
