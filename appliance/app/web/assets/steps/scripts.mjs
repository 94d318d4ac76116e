// Scripts: ours with htmx in one bundle; the API viewer apart, since only its page loads it.

import { readFile } from "node:fs/promises";
import path from "node:path";

import * as esbuild from "esbuild";

const TARGET = "es2022";

export async function script(root, entry) {
  const result = await esbuild.build({
    entryPoints: [path.join(root, "scripts", entry)],
    absWorkingDir: root,
    bundle: true,
    charset: "ascii",
    format: "iife",
    legalComments: "none",
    minify: true,
    target: TARGET,
    write: false,
  });
  return result.outputFiles[0].text;
}

// The viewer ships minified: bundling it again would cost seconds and gain nothing.
export async function apiDocs(root) {
  const viewer = path.join(root, "node_modules", "swagger-ui-dist", "swagger-ui-bundle.js");
  const bundle = (await readFile(viewer, "utf8")).replace(/\/\/# sourceMappingURL=.*\s*$/, "");
  return `${bundle}\n${await script(root, "api-docs.ts")}`;
}
