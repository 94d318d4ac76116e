// Writes files under names that carry their content's hash, with .br and .gz beside every text.

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const HASH_CHARS = 10;
const BROTLI_QUALITY = 11;
const GZIP_LEVEL = 9;
const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

export class Output {
  #folder;
  #names = new Map();

  constructor(folder) {
    this.#folder = folder;
  }

  get count() {
    return this.#names.size;
  }

  async text(logical, content) {
    const bytes = Buffer.from(content, "utf8");
    const name = await this.binary(logical, bytes);
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    const [brotli, zipped] = await Promise.all([
      compressBrotli(bytes, { params }),
      compressGzip(bytes, { level: GZIP_LEVEL }),
    ]);
    await this.#write(`${name}.br`, brotli);
    await this.#write(`${name}.gz`, zipped);
    return name;
  }

  async binary(logical, bytes) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, HASH_CHARS);
    const { dir, name, ext } = path.posix.parse(logical);
    const hashed = path.posix.join(dir, `${name}.${hash}${ext}`);
    this.#names.set(logical, hashed);
    await this.#write(hashed, bytes);
    return hashed;
  }

  async manifest() {
    const sorted = Object.fromEntries([...this.#names].sort(([a], [b]) => (a < b ? -1 : 1)));
    await this.#write("manifest.json", `${JSON.stringify(sorted, null, 2)}\n`);
  }

  async #write(name, content) {
    const target = path.join(this.#folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}
