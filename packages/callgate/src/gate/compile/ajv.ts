import { createRequire } from "node:module";
import type * as AjvModule from "ajv/dist/2020.js";
import type * as FormatsModule from "ajv-formats";

// Definitions are judged at once, so what is loaded on demand must be there at once too.
const load = createRequire(import.meta.url);
let instance: AjvModule.Ajv2020 | undefined;

/** ajv for JSON Schema 2020-12, loaded for the first plain JSON Schema: a gate with none of them starts without it. */
export function ajv2020(): AjvModule.Ajv2020 {
  if (instance === undefined) {
    const { Ajv2020 } = load("ajv/dist/2020.js") as typeof AjvModule;
    const addFormats = load("ajv-formats") as typeof FormatsModule.default;
    // Two tools may bring schemas of one `$id`: none of them is kept under its name.
    instance = new Ajv2020({ addUsedSchema: false, allErrors: false, useDefaults: true, strict: false });
    addFormats.default(instance);
  }
  return instance;
}
