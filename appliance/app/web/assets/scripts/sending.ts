// A form goes out once: its buttons rest while it is on the way, and say so.

const REST_MS = 20_000; // a download leaves the page standing, so the buttons must come back

export function preventDoubleSending(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    if (form.dataset["sending"] === "yes") {
      event.preventDefault();
      return;
    }
    rest(form, event.submitter);
  });
  document.addEventListener("htmx:afterRequest", (event) => wakeAround(event.target));
  // The browser may bring the page back from its cache, buttons still resting.
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(wake));
}

function rest(form: HTMLFormElement, submitter: HTMLElement | null): void {
  form.dataset["sending"] = "yes";
  submitter?.classList.add("is-sending");
  // Disabled at once, the pressed button's own name and value would not be sent.
  window.setTimeout(() => setDisabled(form, true));
  window.setTimeout(() => wake(form), REST_MS);
}

function wake(form: HTMLFormElement): void {
  if (form.dataset["sending"] !== "yes") return;
  delete form.dataset["sending"];
  form.querySelectorAll(".is-sending").forEach((button) => button.classList.remove("is-sending"));
  setDisabled(form, false);
}

function wakeAround(target: EventTarget | null): void {
  const form = target instanceof Element ? target.closest("form") : null;
  if (form) wake(form);
}

function setDisabled(form: HTMLFormElement, disabled: boolean): void {
  for (const element of form.elements) {
    if (element instanceof HTMLButtonElement && element.type === "submit") {
      element.disabled = disabled;
    }
  }
}
