import type { SecretReference } from "../define/secret.ts";
import { isLoaded, isLocal, keepLoaded, keyOf } from "./loaded-secrets.ts";
import { judgeSecret, resolveSecret } from "./resolve-secret.ts";
import { describeSecret, SecretError } from "./secret-error.ts";
import { readSource } from "./sources/read-source.ts";

/** A start has ten seconds for a backend, of which its secrets may take most. */
const DEADLINE_MS = 8_000;

export interface LoadOptions {
  /** Milliseconds for all of them together; 8,000 unless said otherwise. */
  readonly withinMs?: number;
  /** True: those that are known are asked for again. */
  readonly anew?: boolean;
}

/**
 * Finds every secret that has to be asked for elsewhere, all at once, so that `resolveSecret` gives them. Throws one
 * error that names each reference that could not be had, and why. Asked for anew, one that fails stays as it was.
 */
export async function loadSecrets(references: readonly SecretReference[], options: LoadOptions = {}): Promise<void> {
  const signal = AbortSignal.timeout(options.withinMs ?? DEADLINE_MS);
  const wanted = [...new Map(references.map((each) => [`${keyOf(each)} ${each.optional}`, each])).values()];
  const all = await Promise.allSettled(wanted.map((each) => loadOne(each, { signal, anew: options.anew ?? false })));
  const failures = all.flatMap((each) => (each.status === "rejected" ? [each.reason as Error] : []));
  const [first] = failures;
  if (first === undefined) return;
  if (failures.length === 1) throw first;
  const lines = failures.map(({ message }) => `- ${message}`).join("\n");
  throw new SecretError(`${failures.length} secrets cannot be had:\n${lines}`, { cause: first });
}

interface Loading {
  readonly signal: AbortSignal;
  readonly anew: boolean;
}

const underWay = new Map<string, Promise<void>>();

async function loadOne(reference: SecretReference, { signal, anew }: Loading): Promise<void> {
  if (isLocal(reference)) return void resolveSecret(reference);
  if (anew || !isLoaded(reference)) {
    // Two that want one secret at the same moment ask once.
    const key = keyOf(reference);
    let asking = underWay.get(key);
    if (asking === undefined) {
      asking = ask(reference, signal).finally(() => underWay.delete(key));
      underWay.set(key, asking);
    }
    await asking;
  }
  resolveSecret(reference);
}

async function ask(reference: SecretReference, signal: AbortSignal): Promise<void> {
  try {
    const value = await readSource(reference, signal);
    if (value !== undefined && value !== "") judgeSecret(reference, value);
    keepLoaded(reference, value);
  } catch (cause) {
    if (cause instanceof SecretError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SecretError(`${describeSecret(reference)} cannot be had: ${why}`, { cause });
  }
}
