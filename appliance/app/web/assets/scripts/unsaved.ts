// Asks before a page with typed but unsaved entries is left.

export function guardUnsaved(): void {
  let changed = false;
  document.addEventListener("input", (event) => {
    changed ||= guarded(event.target);
  });
  document.addEventListener("submit", (event) => {
    // Any form may carry the reader away; only the guarded one takes the entries along.
    if (guarded(event.target)) changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

function guarded(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("form[data-guard-unsaved]") !== null;
}
