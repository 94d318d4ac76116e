// One sprite of the icons that icons.txt names, from Tabler's outline set, and our own mark.

import { readFile } from "node:fs/promises";
import path from "node:path";

const STROKE =
  'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';

export async function iconSprite(root) {
  const list = await readFile(path.join(root, "icons.txt"), "utf8");
  const names = list.split("\n").filter((line) => /^[a-z]/.test(line)).sort();
  const folder = path.join(root, "node_modules", "@tabler", "icons", "icons", "outline");
  const drawn = await Promise.all(names.map((name) => symbol(folder, name)));
  const mark = inside(await readFile(path.join(root, "images", "mark.svg"), "utf8"));
  drawn.push(`<symbol id="mark" viewBox="0 0 24 24">${mark}</symbol>`);
  return `<svg xmlns="http://www.w3.org/2000/svg">${drawn.join("\n")}</svg>\n`;
}

async function symbol(folder, name) {
  const source = await readFile(path.join(folder, `${name}.svg`), "utf8");
  const paths = inside(source).replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" ${STROKE}>${paths}</symbol>`;
}

function inside(svg) {
  return svg
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s+/g, " ")
    .trim();
}
