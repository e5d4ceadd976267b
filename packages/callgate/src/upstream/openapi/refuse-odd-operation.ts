import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { Kind } from "../../settings/kinds.ts";
import { refuseMissingFields, refuseOddFields } from "../../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../../settings/refuse-odd-values.ts";
import { isObject } from "./document/api-document.ts";
import type { DryRun, ServedOperation } from "./operation-options.ts";
import { DRY_RUN_KINDS, LOOKUP_KINDS, OPERATION_KINDS, PAGE_KINDS } from "./option-kinds.ts";

/** Node runs configs unchecked. What is said of an operation beside the rules of a call, which the gate judges, must be what it may be. */
export function refuseOddOperation(served: ServedOperation, place: DefinitionPlace): void {
  const { effect } = (isObject(served) ? served : {}) as Partial<ServedOperation>;
  if (effect !== "read" && effect !== "write" && effect !== "destructive") {
    const cure = "Write read({ … }), write({ … }) or destructive({ … }).";
    throw new DefinitionError(place, "nothing says what effect it has.", cure);
  }
  refuseOddValues(served, OPERATION_KINDS, { place });
  if ("page" in served && served.page !== undefined) refuseOddPage(served.page, within(place, "page"));
  if ("dryRun" in served && served.dryRun !== undefined) refuseOddDryRun(served.dryRun, within(place, "dryRun"));
  if ("lookup" in served && served.lookup !== undefined)
    refuseOddPart(served.lookup, { kinds: LOOKUP_KINDS, needed: ["operation", "with"] }, within(place, "lookup"));
}

function refuseOddPage(page: object, place: DefinitionPlace): void {
  const { by } = page as { readonly by?: unknown };
  const known = typeof by === "string" && Object.hasOwn(PAGE_KINDS, by);
  const kinds = PAGE_KINDS[known ? (by as keyof typeof PAGE_KINDS) : "cursor"];
  if (!known) refuseOddValues({ by: by ?? "" }, { by: kinds["by"] as Kind }, { place });
  refuseOddPart(page, { kinds, needed: by === "cursor" ? ["param", "next"] : ["param"] }, place);
}

/** What adds nothing to the request would have the API do what it is only asked to preview. */
function refuseOddDryRun(dryRun: DryRun, place: DefinitionPlace): void {
  refuseOddPart(dryRun, { kinds: DRY_RUN_KINDS, needed: [] }, place);
  const { query = {}, header = {}, body = {} } = dryRun;
  if ([query, header, body].some((added) => Object.keys(added).length > 0)) return;
  throw new DefinitionError(
    place,
    "it adds nothing to the request, and the API would do it.",
    'Say by what the API knows that it is only asked: { query: { validate_only: "true" } }.',
  );
}

interface Part {
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly needed: readonly string[];
}

function refuseOddPart(given: object, part: Part, place: DefinitionPlace): void {
  refuseOddFields(given, part.kinds, place);
  refuseMissingFields(given, part, place);
}

function within(place: DefinitionPlace, name: string): DefinitionPlace {
  return { ...place, setting: `${place.setting}.${name}` };
}
