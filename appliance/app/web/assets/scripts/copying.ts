// One-time secrets get a button that copies them.

const SHOWN_MS = 3_000;

export function offerCopying(part: ParentNode): void {
  if (!navigator.clipboard) return; // not offered by browsers over plain http
  part.querySelectorAll<HTMLElement>("[data-copy]").forEach((secret) => {
    if (secret.dataset["copies"] === "yes") return;
    secret.dataset["copies"] = "yes";
    secret.after(copyButton(secret));
  });
}

function copyButton(secret: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  const label = secret.dataset["copy"] ?? "";
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = label;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(secret.textContent?.trim() ?? "").then(() => {
      button.textContent = secret.dataset["copied"] ?? label;
      window.setTimeout(() => (button.textContent = label), SHOWN_MS);
    });
  });
  return button;
}
