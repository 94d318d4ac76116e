// The theme changes at once; the choice is saved behind it.

export function switchTheme(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const button = event.submitter;
      if (!(form instanceof HTMLFormElement) || !("themeSwitch" in form.dataset)) return;
      if (!(button instanceof HTMLButtonElement)) return;
      event.preventDefault();
      show(form, button);
      void fetch(form.action, { method: "POST", body: new FormData(form, button) }).catch(() => {
        // Not saved: the next page comes in the former theme, nothing else is lost.
      });
    },
    { capture: true },
  );
}

function show(form: HTMLFormElement, chosen: HTMLButtonElement): void {
  const root = document.documentElement;
  root.dataset["themeChoice"] = chosen.value;
  root.dispatchEvent(new Event("ncen:theme"));
  form.querySelectorAll("button").forEach((button) => {
    button.setAttribute("aria-pressed", String(button === chosen));
  });
}
