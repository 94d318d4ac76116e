// The licences of everything that is shipped to browsers, in one text.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const SHIPPED = [
  "@fontsource/noto-sans",
  "@fontsource/noto-sans-arabic",
  "@tabler/core",
  "@tabler/icons",
  "htmx.org",
];

export async function licences(root) {
  const parts = await Promise.all(SHIPPED.map((name) => licence(root, name)));
  return parts.join("\n\n");
}

async function licence(root, name) {
  const folder = path.join(root, "node_modules", name);
  const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(path.join(folder, file), "utf8") : "";
  return `== ${name} ${about.version} (${about.license}) ==\n\n${text.trim()}`.trim();
}
