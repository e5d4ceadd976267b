import { DefinitionError } from "../../define/definition-error.ts";
import type { SecretReference } from "../../define/secret.ts";
import { loadSecrets } from "../../secrets/load-secrets.ts";
import { resolveSecret } from "../../secrets/resolve-secret.ts";
import { describeSecret, SecretError } from "../../secrets/secret-error.ts";
import type { UpstreamCredential } from "../credential.ts";

/** Variables and files are read again after so long: a file that was mounted anew is used without a word to the gate. */
const READ_AGAIN_MS = 5_000;
const HEADER = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** What a header carries as it is: servers take spaces off its ends, and a line end is none of its letters. */
const SAYABLE = /^[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/;

/** The gate's own token for a server: `Authorization: Bearer …`. Found anew where the server refuses it, and on SIGHUP. */
export function bearer(token: SecretReference): UpstreamCredential {
  return fixed("authorization", token, (secret) => `Bearer ${secret}`);
}

/** The gate's own key for a server in a header of its own, e.g. `headerCredential("x-api-key", env("CRM_KEY"))`. */
export function headerCredential(name: string, secret: SecretReference): UpstreamCredential {
  const header = name.toLowerCase();
  if (!HEADER.test(header)) throw new DefinitionError({}, "A credential's header has no such name.", "Use x-api-key.");
  return fixed(header, secret, (value) => value);
}

function fixed(header: string, reference: SecretReference, write: (secret: string) => string): UpstreamCredential {
  refuseLiteral(reference);
  let known: { readonly value: string; readonly until: number } | undefined;
  const read = (): string => {
    if (known !== undefined && performance.now() < known.until) return known.value;
    const secret = resolveSecret(reference);
    if (secret === undefined) throw new SecretError(`${describeSecret(reference)} is not there`);
    refuseUnsayable(reference, secret);
    known = { value: write(secret), until: performance.now() + READ_AGAIN_MS };
    return known.value;
  };
  return {
    open: async () => {
      await loadSecrets([reference], { anew: true });
      const secret = resolveSecret(reference);
      if (secret !== undefined) refuseUnsayable(reference, secret);
    },
    headers: () => ({ [header]: read() }),
    refused: async (_, headers) => {
      await loadSecrets([reference], { anew: true });
      known = undefined;
      return read() !== headers[header];
    },
  };
}

/** `echo` ends what it writes with a line end, and so does what was pasted into many a secret. */
function refuseUnsayable(reference: SecretReference, secret: string): void {
  if (SAYABLE.test(secret)) return;
  const what = /[\r\n]$/.test(secret) ? "ends with a line end" : "has letters or spaces that no header carries";
  throw new SecretError(`${describeSecret(reference)} ${what}: put it there without`);
}

/** Types forbid a text here, and a config in JavaScript does not hear of types. What was given is not repeated. */
function refuseLiteral(reference: unknown): void {
  if (typeof reference === "object" && reference !== null && "kind" in reference) return;
  throw new DefinitionError(
    {},
    "A credential is given as it is, where everybody who reads the config sees it.",
    'Say where it is: env("CRM_TOKEN"), file(path), vault("secret/crm#token").',
  );
}
