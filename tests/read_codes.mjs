// Every QR code on the grey pages named, one JSON list of {text, x} a page: read by the very reader the hub serves to phones.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [vendor, ...pages] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "reader-"));
try {
  // The same files, where node takes them for modules.
  cpSync(vendor, folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  const { prepareZXingModule, readBarcodes } = await import(pathToFileURL(join(folder, "reader", "index.js")));
  prepareZXingModule({ overrides: { wasmBinary: readFileSync(join(folder, "zxing_reader.wasm")) } });
  const found = [];
  for (const page of pages) {
    const bytes = readFileSync(page), head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 60).toString("latin1"));
    const width = Number(head[1]), height = Number(head[2]), grey = bytes.subarray(head[0].length);
    const data = new Uint8ClampedArray(width * height * 4);
    for (let at = 0; at < width * height; at += 1) { data[4 * at] = data[4 * at + 1] = data[4 * at + 2] = grey[at]; data[4 * at + 3] = 255; }
    const codes = await readBarcodes({ data, width, height, colorSpace: "srgb" }, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 255 });
    found.push(codes.map((code) => ({ text: code.text, left: code.position.topLeft.x / width, top: code.position.topLeft.y / height })));
  }
  process.stdout.write(JSON.stringify(found));
} finally { rmSync(folder, { recursive: true }); }
