// A password field gets a switch that shows what is typed.

export function offerPasswordSight(part: ParentNode): void {
  part.querySelectorAll<HTMLElement>("[data-password-sight]").forEach((frame) => {
    const input = frame.querySelector("input");
    const button = frame.querySelector("button");
    if (!input || !button || !button.hidden) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      input.focus();
    });
    // A shown password must not be kept in the browser's list of former entries.
    input.form?.addEventListener("submit", () => (input.type = "password"));
  });
}
