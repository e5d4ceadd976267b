import { readFileSync } from "node:fs";
import type { SecretReference } from "../define/secret.ts";

/** The secret behind a reference; throws with its name, never its value, where it is not there or cannot be read. */
export function resolveSecret(reference: SecretReference): string | undefined {
  const { kind, name, optional } = reference;
  const value = kind === "env" ? process.env[name] : readIfThere(name);
  if (value !== undefined && value !== "") return value;
  if (optional) return undefined;
  throw new Error(
    kind === "env"
      ? `the environment variable ${name} is not set`
      : `the secret file ${name} is not there, or is empty`,
  );
}

/** A file that is there and cannot be read is a mistake, also of a secret that the gate could do without. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new Error(`the secret file ${path} cannot be read (${code})`, { cause });
  }
}
