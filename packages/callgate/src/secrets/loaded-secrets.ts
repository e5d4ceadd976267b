import type { SecretReference } from "../define/secret.ts";
import { describeSecret, SecretError } from "./secret-error.ts";

/** What was found behind references to elsewhere, for the whole process, as the environment is. */
const loaded = new Map<string, Loaded>();

interface Loaded {
  readonly reference: SecretReference;
  readonly value: string | undefined;
}

/** Whether it can be read at any time, without asking anybody. */
export function isLocal({ kind }: SecretReference): boolean {
  return kind === "env" || kind === "file";
}

export function isLoaded(reference: SecretReference): boolean {
  return loaded.has(keyOf(reference));
}

/** What was found there last. */
export function loadedSecret(reference: SecretReference): string | undefined {
  if (!isLoaded(reference)) throw new SecretError(`${describeSecret(reference)} has not been asked for yet`);
  return loaded.get(keyOf(reference))?.value;
}

export function keepLoaded(reference: SecretReference, value: string | undefined): void {
  loaded.set(keyOf(reference), { reference, value });
}

/** Every reference that was asked for elsewhere so far. */
export function loadedReferences(): readonly SecretReference[] {
  return [...loaded.values()].map(({ reference }) => reference);
}

export function keyOf({ kind, name }: SecretReference): string {
  return `${kind}:${name}`;
}
