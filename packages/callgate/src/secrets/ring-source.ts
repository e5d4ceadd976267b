import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SecretReference } from "../define/secret.ts";
import { isLocal } from "./loaded-secrets.ts";
import { resolveSecret } from "./resolve-secret.ts";
import { KeyRingError, parseRing, type Ring } from "./ring.ts";
import { createRingFile, type RingReaders, readRingFile, stateOfFile } from "./ring-file.ts";
import { describeSecret } from "./secret-error.ts";

/** The variable that holds the key ring of replicas that share one. */
export const RING_VARIABLE = "CALLGATE_KEYRING";

/** Where a gate finds its key ring. */
export interface RingPlace {
  /** Where `keyring.json` is, and is made where nothing else names a ring. */
  readonly folder: string;
  /** Instead of the variable and the file: a file, or a variable with the text of a ring or `file:` and a path. */
  readonly reference?: SecretReference | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

/** A key ring where it is kept. */
export interface RingSource {
  /** In words for people. */
  readonly name: string;
  /** Its file; undefined where it is the text of a variable. */
  readonly path: string | undefined;
  /** Whether the gate keeps it itself, in the folder of its store. */
  readonly isOwn: boolean;
  read(): Ring | undefined;
  /** Differs whenever it may have changed. */
  state(): string | undefined;
}

/** Where this gate's ring is: what the config names, else the variable, else its own file. */
export function findRing({ folder, reference, environment = process.env }: RingPlace): RingSource {
  if (reference?.kind === "file") return fileSource(reference.name, "group");
  const name = reference === undefined ? `the environment variable ${RING_VARIABLE}` : describeSecret(reference);
  const text = reference === undefined ? environment[RING_VARIABLE] : resolveReference(reference);
  if (text === undefined || text === "") return fileSource(join(folder, "keyring.json"), "owner");
  if (text.startsWith("file:")) return fileSource(text.slice("file:".length), "group");
  if (!text.trimStart().startsWith("{")) throw neitherTextNorFile(name, text);
  return textSource(name, text);
}

/** What has to be loaded before a ring is looked for. A file is not: its ring is watched, and other users may not read it. */
export function remoteRing(reference: SecretReference | undefined): readonly SecretReference[] {
  return reference === undefined || isLocal(reference) ? [] : [reference];
}

/** The ring of a source; one that the gate keeps itself is made where it is not there. */
export function readRing(source: RingSource): Ring {
  const ring = source.read();
  if (ring !== undefined) return ring;
  if (source.isOwn && source.path !== undefined) return createRingFile(source.path);
  throw new KeyRingError(
    `${source.name} is not there: put the key ring of the other replicas there, or make one with callgate keyring create --out`,
  );
}

function fileSource(path: string, readers: RingReaders): RingSource {
  return {
    name: path,
    path,
    isOwn: readers === "owner",
    read: () => readRingFile(path, readers),
    state: () => stateOfFile(path),
  };
}

function textSource(name: string, text: string): RingSource {
  return { name, path: undefined, isOwn: false, read: () => parseRing(text, name), state: () => undefined };
}

/** Only a path that a file is at is told: anything else may be a secret that was put there by mistake. */
function neitherTextNorFile(name: string, text: string): KeyRingError {
  const cure = existsSync(text) ? `did you mean file:${text}?` : "give one of the two";
  return new KeyRingError(`${name} holds neither the text of a key ring nor file: and a path: ${cure}`);
}

function resolveReference(reference: SecretReference): string | undefined {
  try {
    return resolveSecret(reference);
  } catch (cause) {
    throw new KeyRingError(`the key ring cannot be read: ${(cause as Error).message}`, { cause });
  }
}
