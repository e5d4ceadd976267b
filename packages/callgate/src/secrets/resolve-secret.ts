import { readFileSync } from "node:fs";
import type { SecretReference } from "../define/secret.ts";

/** The secret behind a reference; throws with its name, never its value, where it is not there. */
export function resolveSecret(reference: SecretReference): string | undefined {
  const value = reference.kind === "env" ? process.env[reference.name] : readIfThere(reference.name);
  if (value !== undefined && value !== "") return value;
  if (reference.optional) return undefined;
  throw new Error(
    reference.kind === "env"
      ? `the environment variable ${reference.name} is not set`
      : `the secret file ${reference.name} cannot be read`,
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}
