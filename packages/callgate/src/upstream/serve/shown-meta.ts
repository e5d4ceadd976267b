import { maskSecrets } from "../../audit/secret-patterns.ts";
import type { JsonObject } from "../../wire/exchange.ts";

const SECRET_NAME = /token(?!s)|secret|passw|credential|auth(?!or(?!i))|bearer|cookie|(?:api|access|private)_?key/i;

/**
 * What of a client's `_meta` goes on to a server. With a read all of it, or what the config names, but for what looks
 * like a credential and is not named. With a write only what is named: what people have seen and agreed to are its arguments.
 */
export function shownMeta(
  meta: JsonObject,
  { named, isWrite }: { readonly named: readonly string[] | undefined; readonly isWrite: boolean },
): JsonObject {
  if (Object.keys(meta).length === 0) return meta;
  const shows = (name: string, value: unknown): boolean =>
    named === undefined ? !isWrite && !looksSecret(name, value) : named.includes(name);
  return Object.fromEntries(Object.entries(meta).filter(([name, value]) => shows(name, value)));
}

function looksSecret(name: string, value: unknown): boolean {
  const text = JSON.stringify(value) ?? "";
  return SECRET_NAME.test(name) || SECRET_NAME.test(keysIn(text)) || maskSecrets(text, "") !== text;
}

/** The names of members, whatever they hold. */
function keysIn(json: string): string {
  return [...json.matchAll(/"((?:[^"\\]|\\.)*)":/g)].map(([, key]) => key).join(" ");
}
