// Builds ../static/ from the sources beside this file: style sheets for both writing directions,
// scripts, fonts per script, one icon sprite, a manifest of hashed names, and compressed copies.
// Needs nothing but node_modules; the same sources give the same bytes.

import { mkdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { fontFaces } from "./steps/fonts.mjs";
import { iconSprite } from "./steps/icons.mjs";
import { licences } from "./steps/licences.mjs";
import { Output } from "./steps/output.mjs";
import { script } from "./steps/scripts.mjs";
import { minified, mirrored, styleSheet } from "./steps/styles.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const finished = path.join(here, "..", "static");
const unfinished = path.join(here, "node_modules", ".static");

async function build(output) {
  const faces = await fontFaces(here, output);
  const sheet = styleSheet(here, faces);
  await Promise.all([
    output.text("app.css", await minified(sheet)),
    output.text("app.rtl.css", await minified(await mirrored(sheet))),
    output.text("app.js", await script(here, "app.ts")),
    output.text("theme.js", await script(here, "theme.ts")),
    output.text("icons.svg", await iconSprite(here)),
    output.text("favicon.svg", await readFile(path.join(here, "images", "favicon.svg"), "utf8")),
    output.text("licences.txt", await licences(here)),
  ]);
  await output.manifest();
}

const started = performance.now();
// A reader of ../static never sees half a build: the folder is swapped when it is complete.
await rm(unfinished, { recursive: true, force: true });
await mkdir(unfinished, { recursive: true });
const output = new Output(unfinished);
await build(output);
await rm(finished, { recursive: true, force: true });
await rename(unfinished, finished);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`assets: ${output.count} files in ${seconds} s`);
