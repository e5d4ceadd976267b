import type { SecretReference } from "../../define/secret.ts";
import { readAws } from "./aws.ts";
import { readDoppler } from "./doppler.ts";
import { readGcp } from "./gcp.ts";
import { readOnePassword } from "./one-password.ts";
import { readVault } from "./vault.ts";

/** Asks for a secret where it is kept; undefined where there is none. Rejects with the reason, in which no secret is. */
export function readSource({ kind, name }: SecretReference, signal: AbortSignal): Promise<string | undefined> {
  switch (kind) {
    case "op":
      return readOnePassword(name, signal);
    case "vault":
      return readVault(name, signal);
    case "doppler":
      return readDoppler(name, signal);
    case "aws":
      return readAws(name, signal);
    case "gcp":
      return readGcp(name, signal);
    case "env":
    case "file":
      throw new Error(`${kind}: is read where it is needed`);
  }
}
