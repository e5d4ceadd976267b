import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { anObject } from "../../settings/kinds.ts";
import { refuseMissingFields, refuseOddFields } from "../../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../../settings/refuse-odd-values.ts";
import { effect } from "../../settings/tool-kinds.ts";
import { isCredential } from "../credential.ts";
import type { ApiPaging } from "./answers/paging.ts";
import type { OpenApiOptions } from "./openapi.ts";
import type { DryRun, LookupOperation, ServedOperation } from "./operation-options.ts";
import {
  DRY_RUN_KINDS,
  LOOKUP_KINDS,
  OPENAPI_KINDS,
  PAGE_KINDS,
  READ_KINDS,
  SMOKE_KINDS,
  WRITE_KINDS,
} from "./option-kinds.ts";

const OPTIONS = anObject('{ document: "petstore.yaml", serve: { listPets: read() } }');

/** Node runs configs unchecked: a misspelt `effect` that is passed over is a tool that is served as what it is not. */
export function refuseOddOpenApi(options: OpenApiOptions, place: DefinitionPlace): void {
  refuseOddValues({ options: options ?? null }, { options: OPTIONS }, { place });
  refuseOddFields(options, OPENAPI_KINDS, place);
  refuseOddCredential(options.credential, place);
  refuseMissingFields(options, { kinds: OPENAPI_KINDS, needed: ["document", "serve"] }, place);
  const { smoke, serve } = options;
  if (smoke !== undefined) refuseOddFields(smoke, SMOKE_KINDS, { ...place, setting: "smoke" });
  if (Object.keys(serve).length === 0)
    throw new DefinitionError(place, "it serves nothing.", "Name operations: serve: { listPets: read() }.");
  for (const [name, served] of Object.entries(serve))
    refuseOddOperation(served, { ...place, setting: `serve.${name}` });
}

function refuseOddOperation(served: ServedOperation, place: DefinitionPlace): void {
  const said = { kinds: { effect }, needed: ["effect"] };
  refuseMissingFields(served, said, place);
  refuseOddValues(served, said.kinds, { place });
  refuseOddFields(served, served.effect === "read" ? READ_KINDS : WRITE_KINDS, place);
  refuseEmptyFixed(served, place);
  if (served.effect === "read") return served.page && refuseOddPaging(served.page, place);
  if (served.dryRun !== undefined) refuseOddDryRun(served.dryRun, place);
  if (served.lookup !== undefined) refuseOddLookup(served.lookup, place);
}

/** A field that is fixed to nothing is neither the config's nor the caller's: the API would never hear of it. */
function refuseEmptyFixed({ fixed = {} }: ServedOperation, place: DefinitionPlace): void {
  const empty = Object.keys(fixed).find((name) => fixed[name] === undefined);
  if (empty === undefined) return;
  const cure = "Give it one; an environment variable that is not set has none.";
  throw new DefinitionError(place, `its \`fixed\` gives "${empty}" no value.`, cure);
}

function refuseOddPaging(page: ApiPaging, place: DefinitionPlace): void {
  const at = { ...place, setting: `${place.setting}.page` };
  refuseMissingFields(page, { kinds: PAGE_KINDS.cursor, needed: ["by"] }, at);
  refuseOddValues(page, { by: PAGE_KINDS.cursor.by }, { place: at });
  const kinds = PAGE_KINDS[page.by];
  refuseOddFields(page, kinds, at);
  refuseMissingFields(page, { kinds, needed: page.by === "cursor" ? ["param", "next"] : ["param"] }, at);
}

/** A dry run that says nothing to the API is the write itself. */
function refuseOddDryRun(dryRun: DryRun, place: DefinitionPlace): void {
  refuseOddFields(dryRun, DRY_RUN_KINDS, { ...place, setting: `${place.setting}.dryRun` });
  const { query = {}, header = {}, body = {} } = dryRun;
  if ([query, header, body].some((added) => Object.keys(added).length > 0)) return;
  throw new DefinitionError(
    place,
    "its `dryRun` adds nothing to the request: a preview would do what it shows.",
    'Say how the API is told: dryRun: { query: { validate_only: "true" } }; where it cannot preview, leave it out.',
  );
}

function refuseOddLookup(lookup: LookupOperation, place: DefinitionPlace): void {
  const at = { ...place, setting: `${place.setting}.lookup` };
  refuseOddFields(lookup, LOOKUP_KINDS, at);
  refuseMissingFields(lookup, { kinds: LOOKUP_KINDS, needed: ["operation", "with"] }, at);
}

/** Of what stands there nothing is said: it may be a secret. */
function refuseOddCredential(credential: unknown, place: DefinitionPlace): void {
  if (credential === undefined || isCredential(credential)) return;
  const { read, write } = (credential ?? {}) as { readonly read?: unknown; readonly write?: unknown };
  const both = [read, write].filter((each) => each !== undefined);
  if (both.length > 0 && both.every(isCredential)) return;
  const cure = 'Write credential: bearer(env("TOKEN")), or one for each: { read: …, write: … }.';
  throw new DefinitionError(place, "its credential is none: nothing says how it is shown.", cure);
}
