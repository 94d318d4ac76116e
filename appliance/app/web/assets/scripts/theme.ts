// Runs before the first paint: the theme "auto" follows the device, any other choice stands.

const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function apply(): void {
  const choice = root.dataset["themeChoice"] ?? "auto";
  const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  root.setAttribute("data-bs-theme", theme);
}

apply();
dark.addEventListener("change", apply);
root.addEventListener("ncen:theme", apply);
