// When a partial load fails, the page says so and stays as it is.

export function reportFailures(): void {
  document.addEventListener("htmx:sendError", () => say("unreachable"));
  document.addEventListener("htmx:timeout", () => say("unreachable"));
  document.addEventListener("htmx:responseError", () => say("refused"));
  document.addEventListener("htmx:beforeRequest", () => hide());
}

function say(what: "unreachable" | "refused"): void {
  const place = document.getElementById("live");
  const text = place?.dataset[what];
  if (!place || !text) return;
  place.textContent = text;
  place.hidden = false;
}

function hide(): void {
  const place = document.getElementById("live");
  if (place) place.hidden = true;
}
