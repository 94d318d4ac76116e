// On a telephone a long hint would be cut in its middle, so the field says the same shorter.

const NARROW = "(max-width: 479.98px)";

export function shortenHints(part: ParentNode): void {
  if (!window.matchMedia(NARROW).matches) return;
  part.querySelectorAll<HTMLInputElement>("[data-short-hint]").forEach((field) => {
    field.placeholder = field.dataset["shortHint"] ?? field.placeholder;
  });
}
