// Finding choices by parts of their words, whatever the accents and the case.

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group: string;
  readonly words: string;
}

export function readChoices(select: HTMLSelectElement): Choice[] {
  return [...select.options]
    .filter((option) => option.value)
    .map((option) => {
      const parent = option.parentElement;
      const group = parent instanceof HTMLOptGroupElement ? parent.label : "";
      const words = ` ${fold(`${option.text} ${option.value} ${group}`)}`;
      return { value: option.value, label: option.text, group, words };
    });
}

// Every typed word must begin a word of the choice. Choices whose label begins with what was typed
// stand first; else the order of the list, which its makers chose, stays.
export function find(choices: readonly Choice[], text: string): Choice[] {
  const typed = fold(text).trim();
  const words = typed.split(" ").filter(Boolean);
  const found = choices.filter((choice) => words.every((word) => choice.words.includes(` ${word}`)));
  const begins = (choice: Choice): boolean => choice.words.startsWith(` ${typed}`);
  return typed
    ? [...found.filter(begins), ...found.filter((choice) => !begins(choice))]
    : [...found];
}

function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ");
}
