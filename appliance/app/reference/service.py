"""Code lists: brought to the database from the release's files, read into memory by each process.

A code that a newer release no longer holds gets an end date; it never disappears from old cases.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec

from appliance.app.reference.schemas import Entry
from appliance.core import clock, db

DATA = Path(__file__).with_name("data")
SEPARATOR = "|"
LANGUAGE_COLUMN = re.compile(r"label_(\w+)")
MARKS = re.compile(r"[^\w]+", re.UNICODE)
WORD = re.compile(r"\w+", re.UNICODE)
WORD_LETTERS = 2  # a single letter begins half of all names
ARTICLE = "ال"

encode = msgspec.json.Encoder().encode

UPSERT = """
INSERT INTO reference.entry (id, list_name, code, parent, labels, aliases, tags, valid_from, valid_to, replaced_by,
    sort, origin)
VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'WCO')
ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, labels = excluded.labels, aliases = excluded.aliases,
    tags = excluded.tags, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
    replaced_by = excluded.replaced_by, sort = excluded.sort
WHERE reference.entry.origin = 'WCO'
"""


class Lists:
    """All code lists of this process, with an index from spellings to codes."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.by_list: dict[str, dict[str, Entry]] = {}
        self.spellings: dict[str, dict[str, str]] = {}
        self.words: dict[str, dict[str, frozenset[str]]] = {}
        for entry in entries:
            self.by_list.setdefault(entry.list_name, {})[entry.code] = entry
        for name, found in self.by_list.items():
            self.spellings[name] = spelling_index(found.values())
            self.words[name] = {code: words_of(entry) for code, entry in found.items()}


def fold(text: str) -> str:
    """A spelling without case, accents, spaces and punctuation, so that U.S.A. is USA and 2C-B is 2CB."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return MARKS.sub("", plain)


def words_of(entry: Entry) -> frozenset[str]:
    """The folded words of an entry's labels and aliases; an Arabic one also without its article."""
    texts = (*entry.labels.values(), *entry.aliases)
    words = {fold(word) for text in texts for word in WORD.findall(text)}
    return frozenset(words | {word[len(ARTICLE) :] for word in words if word.startswith(ARTICLE)})


def spelling_index(entries: Iterable[Entry]) -> dict[str, str]:
    """From folded spelling to code: codes first, then labels, then aliases; the first to claim one keeps it."""
    entries = list(entries)
    index: dict[str, str] = {}
    for entry in entries:
        index.setdefault(fold(entry.code), entry.code)
    for entry in entries:
        for label in entry.labels.values():
            index.setdefault(fold(label), entry.code)
    for entry in entries:
        for alias in entry.aliases:
            index.setdefault(fold(alias), entry.code)
    return index


LISTS = Lists()


def split(text: str) -> list[str]:
    """The parts of a cell that holds several."""
    return [part.strip() for part in text.split(SEPARATOR) if part.strip()]


def read_day(text: str) -> date | None:
    """A day of a list file."""
    return date.fromisoformat(text) if text else None


def read_row(name: str, row: Mapping[str, str]) -> Entry:
    """A line of a list file as an entry."""
    labels = {
        found[1]: value
        for column, value in row.items()
        if (found := LANGUAGE_COLUMN.fullmatch(column)) and value
    }
    return Entry(
        list_name=name,
        code=row["code"],
        labels=labels,
        parent=row["parent"],
        aliases=split(row["aliases"]),
        tags=split(row["tags"]),
        valid_from=read_day(row["valid_from"]),
        valid_to=read_day(row["valid_to"]),
        replaced_by=row["replaced_by"],
        sort=int(row["sort"] or 0),
    )


def read_files(folder: Path = DATA) -> list[Entry]:
    """Every entry of the release's list files."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            found += [read_row(path.stem, row) for row in csv.DictReader(stream)]
    return found


async def seed() -> None:
    """Bring the release's lists into the database; national entries are left alone."""
    entries = read_files()
    rows = [
        (
            f"{item.list_name}.{item.code}",
            *(item.list_name, item.code, item.parent, encode(item.labels).decode()),
            *(item.aliases, item.tags, item.valid_from, item.valid_to, item.replaced_by, item.sort),
        )
        for item in entries
    ]
    async with db.transaction():
        await db.execute_many(UPSERT, rows)
        await db.execute(
            "UPDATE reference.entry SET valid_to = $2 WHERE origin = 'WCO' AND valid_to IS NULL"
            " AND NOT id = ANY($1::text[])",
            [row[0] for row in rows],
            clock.now().date(),
        )


async def load_lists() -> None:
    """Read all lists into this process."""
    rows = await db.fetch(
        "SELECT list_name, code, parent, labels, aliases, tags, valid_from, valid_to, replaced_by, sort, origin"
        " FROM reference.entry ORDER BY list_name, sort, code"
    )
    use_entries(
        Entry(**{**dict(row), "labels": msgspec.json.decode(row["labels"])}) for row in rows
    )


def use_entries(entries: Iterable[Entry]) -> None:
    """Replace the lists of this process."""
    fresh = Lists(entries)
    LISTS.by_list, LISTS.spellings, LISTS.words = fresh.by_list, fresh.spellings, fresh.words
    cached_choices.cache_clear()
    codes_called.cache_clear()


def find_entry(name: str, code: str) -> Entry | None:
    """An entry by its code."""
    return LISTS.by_list.get(name, {}).get(code)


def label(name: str, code: str, language: str) -> str:
    """The label of a code for a reader; the code itself where no label is known."""
    if not code:
        return ""
    entry = LISTS.by_list.get(name, {}).get(code)
    if entry is None:
        return code
    return entry.labels.get(language) or entry.labels.get("en") or code


def lookup(name: str, text: str) -> str | None:
    """The code that a spelling means: a code, a label in any language, or an alias."""
    return LISTS.spellings.get(name, {}).get(fold(text))


@functools.lru_cache(maxsize=1000)
def codes_called(name: str, beginning: str) -> tuple[str, ...]:
    """The codes with a label or alias, in any language, of which a word begins so."""
    folded = fold(beginning)
    if len(folded) < WORD_LETTERS:
        return ()
    return tuple(
        code
        for code, words in LISTS.words.get(name, {}).items()
        if any(word.startswith(folded) for word in words)
    )


@functools.lru_cache(maxsize=400)
def cached_choices(name: str, language: str, day: date) -> tuple[tuple[str, str, str], ...]:
    """The choices of a list on a day; see `choices`."""
    entries = [item for item in LISTS.by_list.get(name, {}).values() if item.valid_on(day)]
    entries.sort(key=lambda item: (item.sort, fold(label(name, item.code, language))))
    parents = parent_list(name)
    return tuple(
        (item.code, label(name, item.code, language), label(parents, item.parent, language))
        for item in entries
    )


def parent_list(name: str) -> str:
    """The list that a list's parents stand in."""
    return {"SUBTYPE": "HEADING", "CONVEYANCE": "MODE"}.get(name, name)


def choices(name: str, language: str, day: date | None = None) -> tuple[tuple[str, str, str], ...]:
    """What may be chosen from a list on a day, as (code, label, group), in the list's order."""
    return cached_choices(name, language, day or clock.now().date())
