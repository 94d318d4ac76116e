// Ctrl+Enter sends a form that says so, from any of its fields.

export function offerQuickSending(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (!form || !("quickSend" in form.dataset)) return;
    event.preventDefault();
    // A field that settles when it is left, such as a searched choice, must settle first.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    form.requestSubmit(form.querySelector<HTMLButtonElement>("button[type=submit]"));
  });
}
