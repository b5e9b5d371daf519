// node verifier/build_page.mjs: writes verify.html, the module, the page's script and its style in one file.
//
// The page holds no reference to anything outside itself. Its content security policy names the one style and the one
// script by their SHA-256 and allows nothing else, the network least of all. `--check` writes nothing and exits 1 when
// the file that is there differs from what would be written.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const text = (name) => readFileSync(here(name), "utf8");
const policyHash = (content) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;

/** The page as one text. */
export function page() {
  const style = text("page/page.css");
  const imported = /^import \{[^}]*\} from "\.\.\/coldcheck-verify\.mjs";\n/m;
  const screen = text("page/page.mjs");
  if (!imported.test(screen)) throw new Error("page/page.mjs no longer imports the verifier in the one known form.");
  const script = `${text("coldcheck-verify.mjs")}\n${screen.replace(imported, "")}`;
  if (/<\/(?:script|style)/i.test(script + style)) throw new Error("A closing tag inside the script or the style would end it.");
  const policy = `default-src 'none'; script-src ${policyHash(script)}; style-src ${policyHash(style)}; base-uri 'none'; form-action 'none'`;
  const parts = { POLICY: policy, STYLE: style, SCRIPT: script };
  return text("page/page.html").replace(/%(POLICY|STYLE|SCRIPT)%/g, (_, name) => parts[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = page();
  if (process.argv[2] !== "--check") writeFileSync(here("verify.html"), built);
  else if (text("verify.html") !== built) {
    console.error("verifier/verify.html is not what its parts make; run node verifier/build_page.mjs.");
    process.exitCode = 1;
  }
}
