// Noto in two weights, one file per script; a browser loads only the scripts a page shows.

import { readFile } from "node:fs/promises";
import path from "node:path";

const WEIGHTS = [400, 600];
const FAMILIES = [
  {
    family: "Noto Sans",
    source: "noto-sans",
    scripts: [
      "cyrillic-ext",
      "cyrillic",
      "devanagari",
      "greek-ext",
      "greek",
      "vietnamese",
      "latin-ext",
      "latin",
    ],
  },
  { family: "Noto Sans Arabic", source: "noto-sans-arabic", scripts: ["arabic"] },
];

export async function fontFaces(root, output) {
  const faces = [];
  for (const { family, source, scripts } of FAMILIES) {
    const folder = path.join(root, "node_modules", "@fontsource", source);
    const ranges = JSON.parse(await readFile(path.join(folder, "unicode.json"), "utf8"));
    for (const script of scripts) {
      for (const weight of WEIGHTS) {
        const name = `${source}-${script}-${weight}`;
        const bytes = await readFile(path.join(folder, "files", `${name}-normal.woff2`));
        const file = await output.binary(`fonts/${name}.woff2`, bytes);
        faces.push(face(family, weight, file, ranges[script]));
      }
    }
  }
  return faces.join("\n");
}

function face(family, weight, file, range) {
  return `@font-face{font-family:"${family}";font-style:normal;font-display:swap;
font-weight:${weight};src:url("${file}") format("woff2");unicode-range:${range}}`;
}
