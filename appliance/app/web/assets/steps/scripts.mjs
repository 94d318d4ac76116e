// Scripts: ours with what they import, one bundle for each entry.

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
