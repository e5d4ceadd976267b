import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as YamlModule from "yaml";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { type ApiDocument, isObject, textIn } from "./api-document.ts";

/** An OpenAPI document: the path of a file (from the folder that the gate is started in), its `file:` address, or what it parses to. */
export type DocumentSource = string | URL | Readonly<Record<string, unknown>>;

// Domains are declared at once, so what is loaded on demand must be there at once too.
const load = createRequire(import.meta.url);

/** Reads a document in YAML or JSON; refuses what is not OpenAPI 3.0 or 3.1, with the cure. */
export function readDocument(source: DocumentSource, place: DefinitionPlace): ApiDocument {
  const root = isSaid(source) ? readText(source, place) : copied(source, place);
  return { version: versionOf(root, place), root, place };
}

function isSaid(source: DocumentSource): source is string | URL {
  return typeof source === "string" || source instanceof URL;
}

function readText(source: string | URL, place: DefinitionPlace): JsonObject {
  const name = String(source);
  const isFile = source instanceof URL ? source.protocol === "file:" : !/^[a-z][a-z0-9+.-]+:\/\//i.test(source);
  if (!isFile) {
    throw new DefinitionError(
      place,
      `its document is at ${name}.`,
      "Download it and commit it: a document that others can change would change your tools.",
    );
  }
  let text: string;
  try {
    text = readFileSync(source, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DefinitionError(
      place,
      `its document ${name} cannot be read (${code}).`,
      'A path counts from the folder that the gate is started in; new URL("./api.yaml", import.meta.url) from the config\'s.',
    );
  }
  return parsed(text.replace(/^\uFEFF/, ""), { name, place });
}

function parsed(text: string, { name, place }: { readonly name: string; readonly place: DefinitionPlace }): JsonObject {
  try {
    if (text.trimStart().startsWith("{")) return copied(JSON.parse(text), place);
    const { parse } = load("yaml") as typeof YamlModule;
    return copied(parse(text, { merge: true }), place);
  } catch (error) {
    if (error instanceof DefinitionError) throw error;
    const problem = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new DefinitionError(
      place,
      `its document ${name} is neither JSON nor YAML: ${problem}.`,
      "Mend the document.",
    );
  }
}

/** As JSON has it: no two places share an object, nothing goes round in a circle, and nobody changes it later. */
function copied(value: unknown, place: DefinitionPlace): JsonObject {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    throw new DefinitionError(
      place,
      "its document is no JSON: it goes round in a circle.",
      "Give it as it was written, with its references in it.",
    );
  }
  if (isObject(copy)) return copy;
  throw new DefinitionError(place, "its document is no object.", "Give an OpenAPI document.");
}

function versionOf(root: JsonObject, place: DefinitionPlace): ApiDocument["version"] {
  const said = textIn(root["openapi"] ?? root["swagger"]) ?? "";
  const version = /^3\.[01](?=\.|$)/.exec(said)?.[0];
  if (version !== undefined && root["openapi"] !== undefined) return version as ApiDocument["version"];
  throw new DefinitionError(
    place,
    said === "" ? "its document is not OpenAPI." : `its document is OpenAPI (or Swagger) ${said}.`,
    "Give a document of OpenAPI 3.0 or 3.1; converters exist for Swagger 2.0 (`npx swagger2openapi`).",
  );
}
