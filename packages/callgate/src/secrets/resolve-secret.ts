import { readFileSync } from "node:fs";
import type { SecretReference } from "../define/secret.ts";
import { knownSecrets } from "./known-secrets.ts";
import { isLocal, loadedSecret } from "./loaded-secrets.ts";
import { describeSecret, SecretError } from "./secret-error.ts";

/**
 * The secret behind a reference: variables and files as they are now, all others as `loadSecrets` has found them. Throws
 * with its name, never its value, where it is not there, cannot be read, or is what comes with an installation.
 */
export function resolveSecret(reference: SecretReference): string | undefined {
  const value = isLocal(reference) ? readLocal(reference) : loadedSecret(reference);
  return judgeSecret(reference, value);
}

/** Notes a value as secret; throws where it cannot be one. */
export function judgeSecret(reference: SecretReference, value: string | undefined): string | undefined {
  if (value !== undefined && value !== "") {
    if (DEFAULTS.has(value.toLowerCase()))
      throw new SecretError(`${describeSecret(reference)} is a default that everybody knows: put a secret there`);
    knownSecrets.add(value);
    return value;
  }
  if (reference.optional) return undefined;
  const isVariable = reference.kind === "env";
  throw new SecretError(`${describeSecret(reference)} is not ${isVariable ? "set" : "there, or is empty"}`);
}

/** What templates and manuals put where a secret belongs. */
const DEFAULTS: ReadonlySet<string> = new Set(
  "changeme change-me change_me changeit password passw0rd secret default example placeholder todo xxx your-secret your-token your-api-key".split(
    " ",
  ),
);

function readLocal({ kind, name }: SecretReference): string | undefined {
  return kind === "env" ? process.env[name] : readIfThere(name);
}

/** A file that is there and cannot be read is a mistake, also of a secret that the gate could do without. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new SecretError(`the secret file ${path} cannot be read (${code})`, { cause });
  }
}
