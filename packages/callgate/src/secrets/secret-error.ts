import type { SecretReference } from "../define/secret.ts";

/** A secret could not be had. The message names it and says why, and never what it is. */
export class SecretError extends Error {
  override readonly name = "SecretError";
}

/** A reference in words for people. */
export function describeSecret({ kind, name }: SecretReference): string {
  if (kind === "env") return `the environment variable ${name}`;
  return kind === "file" ? `the secret file ${name}` : `the secret ${kind}:${name.replace(/^op:\/\//, "//")}`;
}
