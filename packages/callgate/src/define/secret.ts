import { DefinitionError } from "./definition-error.ts";

/** Where secrets are kept. */
export type SecretKind = "env" | "file" | "op" | "vault" | "doppler" | "aws" | "gcp";

/** A secret by reference: where it is, never what it is. Resolved when the gate starts. */
export interface SecretReference {
  readonly kind: SecretKind;
  readonly name: string;
  readonly optional: boolean;
}

/** The environment variable `name`. */
export function env(name: string): SecretReference {
  return reference("env", name);
}

/** The content of a file, without the line end. */
export function file(path: string): SecretReference {
  return reference("file", path);
}

/** A field of 1Password: `op("op://production/crm/token")`. Read by the `op` command, signed in as it is found. */
export function op(address: string): SecretReference {
  if (address.startsWith("op://")) return reference("op", address);
  throw misspelt("op", "op://vault/item/field");
}

/**
 * A field of a secret in Vault or OpenBao, key-value of either version, by its path as `vault kv get` takes it:
 * `vault("secret/crm#token")`. Asked for as `VAULT_ADDR`, `VAULT_TOKEN` and `VAULT_NAMESPACE` say.
 */
export function vault(path: string): SecretReference {
  if (/^[^#/]+\/[^#]*[^#/]#[^#]+$/.test(path)) return reference("vault", path);
  throw misspelt("vault", "mount/path#field");
}

/** A secret of Doppler: `doppler("CRM_TOKEN")` of the config that `DOPPLER_TOKEN` is for, else `project/config/NAME`. */
export function doppler(name: string): SecretReference {
  if (/^(?:[^/]+\/[^/]+\/)?[^/]+$/.test(name)) return reference("doppler", name);
  throw misspelt("doppler", "NAME, or project/config/NAME");
}

/**
 * A secret of AWS Secrets Manager by its name or ARN: `aws("prod/crm")`, or one field of its JSON: `aws("prod/crm#token")`.
 * Needs `@aws-sdk/client-secrets-manager` beside Callgate; credentials and region are found as it finds them.
 */
export function aws(name: string): SecretReference {
  return reference("aws", name);
}

/**
 * A secret of Google's Secret Manager: `gcp("projects/p/secrets/crm")`, its latest version unless it names one, or one
 * field of its JSON behind `#`. Needs `@google-cloud/secret-manager` beside Callgate; credentials are found as it finds them.
 */
export function gcp(name: string): SecretReference {
  if (/^projects\/[^/#]+(?:\/locations\/[^/#]+)?\/secrets\/[^/#]+(?:\/versions\/[^/#]+)?(?:#.+)?$/.test(name))
    return reference("gcp", name);
  throw misspelt("gcp", "projects/name/secrets/name");
}

/** The same reference, but the gate starts where it is not there; the backend then gets `undefined`. */
export function optional(reference: SecretReference): SecretReference {
  return { ...reference, optional: true };
}

function reference(kind: SecretKind, name: string): SecretReference {
  return { kind, name, optional: false };
}

/** What was given is not repeated: it may be a secret, by mistake. */
function misspelt(kind: SecretKind, form: string): DefinitionError {
  return new DefinitionError({}, `A reference by ${kind}(…) is not written so.`, `Write it ${kind}("${form}").`);
}
