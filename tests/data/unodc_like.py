"""A synthetic file in the layout of the UNODC individual drug seizures, with the same kinds of dirt.

Seeded: the same seed makes the same bytes. Where the real file is at hand, tests read that one and say so.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path
from typing import NamedTuple

COLUMNS = [
    "REGION",
    "SUBREGION",
    "COUNTRY",
    "ADMINISTRATIVE_DIVISION",
    "PLACE",
    "SEIZURE_DATE",
    "DRUG_NAME",
    "AMOUNT",
    "DRUG_UNIT",
    "HIDING_PLACE",
    "INSTALLATION",
    "TRANSPORT",
    "PRODUCING_COUNTRY",
    "DEPARTURE_COUNTRY",
    "DESTINATION_COUNTRY",
    "ROUTING",
]
REAL_NAME = "unodc-ids-2011-2014.zip"
HERE = Path(__file__).resolve()
COUNTRIES = [
    "Colombia", "Russian Federation", "Bolivia, Plurinational State of", "Ecuador", "Spain",
    "Lao Peoples Democratic Republic", "Iran, Islamic Republic of", "Czech Republic", "New Zealand",
]  # fmt: skip
FAR_COUNTRIES = [*COUNTRIES, "Unknown", "Other", "Taiwan, Province of China", "Hong Kong"]
PLACES = [
    "Bogotá, D.C.",
    "MEDELLIN",
    "Medellín",
    "Cali ",
    "Новосибирск",
    "Riga",
    "RDRempart",
    "",
    "São Paulo",
]
DIVISIONS = ["", "Valle del Cauca", "VALLE DEL CAUCA", "Московская область", "Auckland"]
DRUGS = [
    "Coca paste",
    "Cocaine Base",
    "Cocaine",
    "Heroin",
    "JWH-018",
    "Ecstasy",
    "Taren",
    "Khat",
    "No such thing",
]
UNITS = ["Kilogram"] * 30 + ["Gram"] * 8 + [
    "Tablet", "Unit", "Litre", "Cc", "Ton", "Viss", "Thousand of tablets", "100 gram", "Gallons (US, liquid)",
    "Cubic Centimeter", "Blotting paper", "Barette", "", "kilogram", "KILOGRAM", "kg",
]  # fmt: skip
HIDING = [""] * 17 + ["Postal", "Baggage", "Swallowed"]
INSTALLATIONS = [""] * 16 + ["Airport", "Seaport", "Underground", "Post Office"]
TRANSPORTS = [""] * 17 + ["Commercial air", "Private road", "Other"]
ROUTINGS = ["", "National territory/domestic seizure", "Border - inbound"]


class SourceFile(NamedTuple):
    """A file to import and what it is."""

    path: Path
    kind: str


def amount(draw: random.Random) -> str:
    """An amount as such files spell it: floats with their noise, exponents, very fine and very large ones."""
    value = round(draw.lognormvariate(-2, 3), draw.choice([0, 1, 2, 3, 5]))
    noisy = repr(value * draw.choice([1, 1, 1, 1.1, 0.07]))
    return draw.choice([noisy] * 12 + ["1e-05", "0.006999999999999999", "1,250.5", "0.0", ""])


def row(draw: random.Random) -> list[str]:
    """One row."""
    country = draw.choice(COUNTRIES)
    return [
        "Region", "Sub-region", country, draw.choice(DIVISIONS), draw.choice(PLACES),
        f"{draw.randint(2011, 2014)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
        draw.choice(DRUGS), amount(draw), draw.choice(UNITS), draw.choice(HIDING),
        draw.choice(INSTALLATIONS), draw.choice(TRANSPORTS),
        draw.choice([""] * 8 + FAR_COUNTRIES), draw.choice([country, "", *FAR_COUNTRIES]),
        draw.choice([""] * 8 + FAR_COUNTRIES), draw.choice(ROUTINGS),
    ]  # fmt: skip


def rows(seed: int, count: int, *, bad: bool = True) -> list[list[str]]:
    """Many rows: one in eight repeats an earlier one exactly, one in two hundred cannot be read."""
    draw = random.Random(seed)
    made: list[list[str]] = []
    for _ in range(count):
        if made and draw.random() < 0.125:
            made.append(list(draw.choice(made)))
            continue
        fresh = row(draw)
        if bad and draw.random() < 0.005:
            spoil(draw, fresh)
        made.append(fresh)
    return made


def spoil(draw: random.Random, fresh: list[str]) -> None:
    """Make a row that must be rejected."""
    place, value = draw.choice(
        [(4, "bad\x01place"), (2, "Atlantis"), (2, ""), (5, "2011-02-30"), (7, "much"), (7, "-3")]
    )
    fresh[place] = value


def as_csv(table: list[list[str]], header: list[str] | None = None) -> bytes:
    """Rows as a file."""
    lines = [";".join(header or COLUMNS), *(";".join(map(quoted, values)) for values in table)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if set(value) & {";", '"', "\n"} else value


def as_zip(content: bytes, name: str = "unodc.csv") -> bytes:
    """A file alone in an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def real_file() -> Path | None:
    """The real file, where it is at hand."""
    named = os.environ.get("NCEN_REAL_DATA")
    folder = Path(named) if named else HERE.parents[2].parent / "shared" / "data"
    path = folder / REAL_NAME if folder.is_dir() else folder
    return path if path.is_file() else None


def source_file(folder: Path, count: int = 20_000) -> SourceFile:
    """The real file, or a synthetic one of the same layout."""
    found = real_file()
    if found is not None:
        return SourceFile(found, "real")
    path = folder / "synthetic.zip"
    path.write_bytes(as_zip(as_csv(rows(2014, count))))
    return SourceFile(path, "synthetic")
