import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { holdsIssuedSecret } from "../audit/secret-patterns.ts";
import { DefinitionError } from "../define/definition-error.ts";

/** The password of an address as it stands there; one that is put in by a template is not. */
const PASSWORD = /:\/\/[^\s:/@"'`]*:(?!\$\{)[^\s@/"'`]+@/;

/**
 * Throws `DefinitionError` where the text of a config holds a secret itself: one whose issuer gives it a form, or the
 * password of an address. It names the line, and not what stands there.
 */
export function refuseLiteralSecrets(path: string): void {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n");
  const at = lines.findIndex((line) => holdsIssuedSecret(line) || PASSWORD.test(line));
  if (at === -1) return;
  throw new DefinitionError(
    {},
    `${relative(process.cwd(), path)}:${at + 1} holds a secret, which everybody who reads the config sees.`,
    'Change it where it was issued, for it is known now, and say where it is: env("NAME"), file(path), vault("secret/crm#token").',
  );
}
