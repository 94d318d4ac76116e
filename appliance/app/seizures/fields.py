"""The fields of a case, declared once: form, list, filters, export and audit difference derive from them."""

from __future__ import annotations

from decimal import Decimal

from appliance.core.fields import Field, FieldSet, Kind, Sharing
from appliance.core.i18n import N_
from appliance.core.limits import LONG_TEXT_CHARS, PAGE_ROWS_MAX

WHAT = N_("What happened")
WHERE = N_("Where and when")
GOODS = N_("Goods")
HOW = N_("How it was found")
LAW = N_("Law and outcome")
ROUTE = N_("Route")


def code(name: str, label: str, code_list: str, group: str, **more: object) -> Field:
    """A coded field; codes may leave the country unless said otherwise."""
    options: dict[str, object] = {"sharing": Sharing.YES, **more}
    return Field(
        name=name,
        label=label,
        kind=Kind.CODE,
        code_list=code_list,
        group=group,
        **options,  # type: ignore[arg-type]  # keywords of Field
    )


CASE = FieldSet(
    Field(name="case_ref", label=N_("Case number"), group=WHAT, in_list=True),
    code(
        "case_kind", N_("Kind of case"), "CASE_KIND", WHAT, sharing=Sharing.POLICY, filterable=True
    ),
    Field(
        name="event_date",
        label=N_("Date of the event"),
        kind=Kind.DATE,
        group=WHERE,
        sharing=Sharing.YES,
        in_list=True,
    ),
    Field(name="event_time", label=N_("Time"), group=WHERE, max_length=20),
    Field(
        name="office_code",
        label=N_("Office"),
        kind=Kind.CODE,
        code_list="OFFICE",
        group=WHERE,
        sharing=Sharing.YES,
        in_list=True,
        filterable=True,
    ),
    code("country", N_("Country"), "COUNTRY", WHERE, in_list=True, filterable=True),
    code("place_type", N_("Type of place"), "PLACE", WHERE, filterable=True),
    Field(name="locode", label=N_("UN/LOCODE"), group=WHERE, sharing=Sharing.YES, max_length=5),
    Field(name="place_text", label=N_("Place"), group=WHERE, in_list=True, max_length=400),
    Field(name="admin_division", label=N_("Province or district"), group=WHERE),
    code("direction", N_("Direction"), "DIRECTION", WHAT, filterable=True),
    code("procedure", N_("Customs procedure"), "PROCEDURE", WHAT, filterable=True),
    code("declared", N_("Declaration"), "DECLARED", WHAT, filterable=True),
    code("mode", N_("Mode of transport"), "MODE", WHERE, filterable=True),
    code("why_selected", N_("Why it was selected"), "DETECTION", HOW, filterable=True),
    code("how_found", N_("How it was found"), "DETECTION", HOW, in_list=True, filterable=True),
    Field(
        name="offence_types",
        label=N_("Types of offence"),
        kind=Kind.CODES,
        code_list="OFFENCE",
        group=WHAT,
        sharing=Sharing.YES,
    ),
    Field(name="operation", label=N_("Operation"), group=HOW),
    Field(name="legal_basis", label=N_("Legal basis"), group=LAW, max_length=400),
    Field(
        name="narrative",
        label=N_("Description of the event"),
        kind=Kind.LONG_TEXT,
        group=WHAT,
        sharing=Sharing.POLICY,
        max_length=LONG_TEXT_CHARS,
    ),
    Field(
        name="modus_operandi",
        label=N_("Modus operandi"),
        kind=Kind.LONG_TEXT,
        group=WHAT,
        sharing=Sharing.POLICY,
        max_length=LONG_TEXT_CHARS,
    ),
    Field(
        name="estimated_value",
        label=N_("Estimated value"),
        kind=Kind.DECIMAL,
        group=GOODS,
        sharing=Sharing.YES,
        minimum=Decimal(0),
    ),
    code("currency", N_("Currency"), "CURRENCY", GOODS),
    code("valuation_basis", N_("Basis of value"), "VALUATION", GOODS),
    code(
        "legal_state",
        N_("Legal state of goods"),
        "LEGAL_STATE",
        LAW,
        sharing=Sharing.NEVER,
        filterable=True,
    ),
    code("outcome", N_("Outcome"), "OUTCOME", LAW, sharing=Sharing.NEVER, filterable=True),
    Field(
        name="exceptional",
        label=N_("Exceptional concealment"),
        kind=Kind.BOOL,
        group=HOW,
        sharing=Sharing.YES,
    ),
)

COMMODITY = FieldSet(
    code("heading", N_("Heading"), "HEADING", GOODS, in_list=True, filterable=True),
    code("subtype", N_("Goods"), "SUBTYPE", GOODS, in_list=True, filterable=True),
    code("hs6", N_("HS code"), "HS", GOODS),
    Field(
        name="description",
        label=N_("Description"),
        group=GOODS,
        sharing=Sharing.POLICY,
        max_length=400,
    ),
    Field(
        name="quantity",
        label=N_("Quantity"),
        kind=Kind.DECIMAL,
        group=GOODS,
        sharing=Sharing.YES,
        minimum=Decimal(0),
        in_list=True,
        max_length=60,
    ),
    code("unit", N_("Unit"), "UNIT", GOODS, in_list=True),
    Field(
        name="quantity2",
        label=N_("Second quantity"),
        kind=Kind.DECIMAL,
        group=GOODS,
        sharing=Sharing.YES,
        minimum=Decimal(0),
    ),
    code("unit2", N_("Second unit"), "UNIT", GOODS),
    Field(
        name="kg_equivalent",
        label=N_("In kilograms"),
        kind=Kind.DECIMAL,
        group=GOODS,
        sharing=Sharing.YES,
    ),
    code("measure_quality", N_("How it was measured"), "MEASURE_QUALITY", GOODS),
    Field(
        name="packages",
        label=N_("Packages"),
        kind=Kind.INTEGER,
        group=GOODS,
        sharing=Sharing.YES,
        minimum=Decimal(0),
    ),
    code("package_type", N_("Type of package"), "PACKAGE", GOODS),
    code("origin_country", N_("Country of origin"), "COUNTRY", GOODS),
    code("condition", N_("Condition"), "CONDITION", GOODS),
)

LEG = FieldSet(
    code("role", N_("Point of the route"), "LEG_ROLE", WHERE),
    code("country", N_("Country"), "COUNTRY", WHERE),
    Field(name="locode", label=N_("UN/LOCODE"), group=WHERE, sharing=Sharing.YES, max_length=5),
    Field(name="place_text", label=N_("Place"), group=WHERE, max_length=400),
    code("mode", N_("Onward transport"), "MODE", WHERE),
    code("confidence", N_("Certainty"), "CONFIDENCE", WHERE),
)

CONCEALMENT = FieldSet(
    code("place", N_("Hidden in"), "CONCEALMENT", HOW),
    Field(
        name="description",
        label=N_("Description"),
        group=HOW,
        sharing=Sharing.POLICY,
        max_length=LONG_TEXT_CHARS,
    ),
)

# The parts of a case whose fields are called alike: a country is one of the case, or one of its route.
LINES: dict[str, tuple[str, FieldSet]] = {
    "case": ("", CASE),
    "commodity": (GOODS, COMMODITY),
    "leg": (ROUTE, LEG),
    "concealment": (N_("Concealment"), CONCEALMENT),
}

# The simplified form: nine fields, which an officer fills in a minute and a half (domain dictionary 3.1, "S").
SIMPLIFIED = FieldSet(
    CASE["event_date"],
    CASE["office_code"],
    CASE["case_kind"],
    CASE["direction"],
    COMMODITY["subtype"],
    COMMODITY["quantity"],
    COMMODITY["unit"],
    CASE["how_found"],
    CASE["narrative"],
)
# A draft keeps whatever there is; a case that is submitted says the rest, and its goods unless there are none.
DRAFT_REQUIRED = ("event_date", "office_code")
SIMPLIFIED_REQUIRED = (*DRAFT_REQUIRED, "case_kind", "direction", "how_found")
GOODS_SAID = ("subtype", "quantity", "unit")

# Why a case goes back to its office; a reader takes it in at one glance.
REASON = Field(
    name="reason", label=N_("What has to be corrected"), kind=Kind.LONG_TEXT, max_length=2_000
)

STATUS_LABELS = {
    "DRAFT": N_("Draft"),
    "SUBMITTED": N_("Waiting for validation"),
    "RETURNED": N_("Returned"),
    "VALIDATED": N_("Validated"),
    "LOCKED": N_("Locked"),
    "EXPUNGED": N_("Expunged"),
}
ORIGIN_LABELS = {
    "FORM": N_("Entered here"),
    "API": N_("Entered by a program"),
    "IMPORT": N_("Imported"),
    "DEMO": N_("Synthetic"),
}

STATUS = Field(name="status", label=N_("State"), kind=Kind.CODE, code_list="STATUS", in_list=True)

# The columns of the list: what the declarations mark, goods where the eye looks for them.
LIST = FieldSet(
    *CASE.pick("case_ref", "event_date"),
    *COMMODITY.pick("subtype", "quantity"),
    *(field for field in CASE if field.in_list and field.name not in {"case_ref", "event_date"}),
    STATUS,
)
EXPORT = FieldSet(
    *(field for field in CASE if field.exported),
    *COMMODITY.pick("heading", "subtype", "quantity", "unit"),
    STATUS,
)

FILTERS = FieldSet(
    Field(
        name="q",
        label=N_("Words"),
        kind=Kind.SEARCH,
        help=N_("Words of the place, the goods or the text; or a case number."),
    ),
    Field(name="from", label=N_("From"), kind=Kind.DATE),
    Field(name="to", label=N_("To"), kind=Kind.DATE),
    STATUS,
    *COMMODITY.where(lambda field: field.filterable),
    *CASE.where(lambda field: field.filterable),
    Field(name="batch", label=N_("Import"), kind=Kind.HIDDEN),
)
# What a program may ask of the list beside the filters.
PAGE = FieldSet(
    Field(
        name="rows",
        label=N_("Rows"),
        kind=Kind.INTEGER,
        minimum=Decimal(1),
        maximum=Decimal(PAGE_ROWS_MAX),
    ),
    Field(name="after", label=N_("Next")),
    Field(name="before", label=N_("Previous")),
)
