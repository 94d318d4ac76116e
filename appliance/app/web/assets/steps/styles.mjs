// Style sheets: Sass to CSS, and the same sheet mirrored for scripts written right to left.

import path from "node:path";

import * as esbuild from "esbuild";
import postcss from "postcss";
import rtlcss from "rtlcss";
import * as sass from "sass";

export function styleSheet(root, fontFaces) {
  const compiled = sass.compile(path.join(root, "styles", "app.scss"), {
    importers: [new sass.NodePackageImporter(root)],
    logger: sass.Logger.silent,
    style: "expanded",
  });
  return `${fontFaces}\n${compiled.css.replace(/^\uFEFF|@charset[^;]*;/, "")}`;
}

// Before anything is minified: comments in the sheet say what must not be turned round.
export async function mirrored(sheet) {
  const result = await postcss([rtlcss()]).process(sheet, { from: undefined, map: false });
  return result.css;
}

export async function minified(css) {
  const result = await esbuild.transform(css, {
    charset: "ascii",
    legalComments: "none",
    loader: "css",
    minify: true,
  });
  return result.code;
}
