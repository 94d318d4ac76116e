"""Reads a page as a browser would and collects what the house rules speak of. It judges nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Attributes whose value is an address that a browser or htmx may fetch or go to.
ADDRESSES = frozenset(
    {
        "action",
        "background",
        "cite",
        "data",
        "data-list-url",
        "formaction",
        "href",
        "hx-delete",
        "hx-get",
        "hx-patch",
        "hx-post",
        "hx-push-url",
        "hx-put",
        "manifest",
        "ping",
        "poster",
        "src",
        "srcset",
        "xlink:href",
    }
)
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


@dataclass
class FormSeen:
    """A form: how it sends, and the fields in it."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page taken apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.controls: list[str] = []
        self.forms: list[FormSeen] = []
        self.root: dict[str, str] = {}
        self.headings = 0
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        self.note_attributes(tag, values)
        if tag == "html":
            self.root = values
        elif tag == "h1":
            self.headings += 1
        elif tag == "form":
            self.forms.append(FormSeen(values.get("method", "get"), values.get("action", "")))
        elif tag == "label":
            self.labels.append(values.get("for", ""))
        elif tag in {"input", "select", "textarea", "button"}:
            self.note_control(tag, values)

    def note_attributes(self, tag: str, values: dict[str, str]) -> None:
        self.addresses += [value for name, value in values.items() if name in ADDRESSES]
        if "id" in values:
            self.ids.append(values["id"])
        self.inline += [
            f"{tag} {name}"
            for name in values
            if name == "style" or name.startswith(("on", "hx-on"))
        ]
        if tag == "style" or (tag == "script" and "src" not in values):
            self.inline.append(tag)
        self.inline += [
            f"{tag} {name}"
            for name, value in values.items()
            if value.lower().startswith("javascript:")
        ]

    def note_control(self, tag: str, values: dict[str, str]) -> None:
        if self.forms and "form" in self.open:
            self.forms[-1].fields.append((values.get("name", ""), values.get("value", "")))
        if tag != "button" and values.get("type") not in {"hidden", "submit"}:
            named = values.get("aria-label") or values.get("aria-labelledby")
            self.controls += [] if named else [values.get("id", "")]

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unclosed.append(f"</{tag}> after <{self.open[-1] if self.open else ''}>")
