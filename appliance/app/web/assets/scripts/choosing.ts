// A long select gets a field to search its choices in. The select itself stays and is what is sent.

import { Choice, find, readChoices } from "./choices";

const LONG = 13; // shorter lists are quicker as they are

let made = 0;

export function offerChoosing(part: ParentNode): void {
  part.querySelectorAll<HTMLSelectElement>("select.form-select").forEach((select) => {
    if (!select.multiple && !select.hidden && select.options.length >= LONG) new Chooser(select);
  });
}

class Chooser {
  readonly #select: HTMLSelectElement;
  readonly #input = document.createElement("input");
  readonly #list = document.createElement("ul");
  readonly #choices: Choice[];
  #shown: Choice[] = [];
  #active = -1;

  constructor(select: HTMLSelectElement) {
    this.#select = select;
    this.#choices = readChoices(select);
    this.#dress();
    this.#listen();
    this.#write();
  }

  // The field takes the select's place: its id, label, help, error and focus.
  #dress(): void {
    const input = this.#input;
    const focused = this.#select.autofocus || document.activeElement === this.#select;
    for (const name of ["class", "id", "aria-describedby", "aria-invalid", "required"]) {
      const value = this.#select.getAttribute(name);
      if (value !== null) input.setAttribute(name, value);
    }
    input.type = "text";
    input.dir = "auto";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.placeholder = this.#select.options[0]?.text ?? " ";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    this.#list.id = `choices-${++made}`;
    this.#list.className = "chooser-list";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", this.#select.labels[0]?.textContent?.trim() ?? "");
    input.setAttribute("aria-controls", this.#list.id);
    const frame = document.createElement("div");
    frame.className = "chooser";
    this.#select.id = `${this.#select.id}-chosen`;
    this.#select.hidden = true;
    this.#select.before(frame);
    frame.append(input, this.#list, this.#select);
    this.#close();
    if (focused) input.focus();
  }

  #listen(): void {
    const input = this.#input;
    input.addEventListener("input", () => this.#search());
    input.addEventListener("click", () => this.#open());
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => this.#settle());
    input.addEventListener("keydown", (event) => this.#press(event));
    // Pressing the mouse would move the focus, and the list would be gone before the click.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => this.#click(event));
    window.addEventListener("pageshow", () => this.#write());
  }

  #press(event: KeyboardEvent): void {
    const open = !this.#list.hidden;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (open) this.#move(event.key === "ArrowDown" ? 1 : -1);
      else this.#open();
    } else if (event.key === "Enter") {
      if (open) this.#settle();
      else this.#open();
    } else if (event.key === "Escape" && open) {
      this.#write();
      this.#close();
    } else {
      return;
    }
    event.preventDefault();
  }

  #open(): void {
    this.#show(this.#choices);
    this.#point(this.#shown.findIndex((choice) => choice.value === this.#select.value));
  }

  #search(): void {
    this.#show(find(this.#choices, this.#input.value));
    this.#point(this.#input.value.trim() && this.#shown.length ? 0 : -1);
  }

  #show(choices: Choice[]): void {
    this.#shown = choices;
    this.#list.replaceChildren(...this.#items());
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
  }

  #items(): HTMLElement[] {
    const items: HTMLElement[] = [];
    let group = "";
    this.#shown.forEach((choice, place) => {
      if (choice.group !== group) {
        group = choice.group;
        items.push(line("presentation", group, "chooser-group"));
      }
      const item = line("option", choice.label, "chooser-item");
      item.id = `${this.#list.id}-${place}`;
      item.dataset["place"] = String(place);
      item.setAttribute("aria-selected", String(choice.value === this.#select.value));
      items.push(item);
    });
    if (!items.length) {
      const nothing = line("option", document.body.dataset["noChoice"] ?? "–", "chooser-group");
      nothing.setAttribute("aria-disabled", "true");
      items.push(nothing);
    }
    return items;
  }

  #move(step: number): void {
    const count = this.#shown.length;
    if (count) this.#point((this.#active + step + count) % count);
  }

  #point(place: number): void {
    this.#list.querySelector(".is-active")?.classList.remove("is-active");
    this.#active = place;
    const item = place < 0 ? null : document.getElementById(`${this.#list.id}-${place}`);
    item?.classList.add("is-active");
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.#input.setAttribute("aria-activedescendant", item.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #click(event: MouseEvent): void {
    const item = event.target instanceof Element ? event.target.closest("[data-place]") : null;
    if (!(item instanceof HTMLElement)) return;
    this.#point(Number(item.dataset["place"]));
    this.#settle();
  }

  // What is marked is chosen; an emptied field is emptied; a word that fits nothing is sent as it
  // is, so that the server can say so beside it.
  #settle(): void {
    if (this.#list.hidden) return;
    const marked = this.#shown[this.#active];
    const typed = this.#input.value.trim();
    if (marked) this.#choose(marked.value);
    else if (!typed) this.#choose("");
    else if (typed !== this.#label()) this.#chooseUnknown(typed);
    this.#close();
  }

  #choose(value: string): void {
    const changed = this.#select.value !== value;
    this.#select.value = value;
    this.#write();
    if (changed) this.#select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #chooseUnknown(typed: string): void {
    const stray = new Option(typed, typed, false, true);
    this.#select.querySelector("[data-stray]")?.remove();
    stray.dataset["stray"] = "yes";
    this.#select.append(stray);
  }

  #label(): string {
    return this.#select.value ? (this.#select.selectedOptions[0]?.text ?? "") : "";
  }

  #write(): void {
    this.#input.value = this.#label();
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    this.#active = -1;
  }
}

function line(role: string, text: string, look: string): HTMLElement {
  const item = document.createElement("li");
  item.className = look;
  item.textContent = text;
  item.setAttribute("role", role);
  return item;
}
