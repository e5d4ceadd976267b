import { CallError } from "../../../define/call-error.ts";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import { follow, pointerSteps } from "../../../define/json-pointer.ts";
import type { JsonSchema } from "../../../define/schema.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { isObject, objectOf } from "../document/api-document.ts";
import type { ApiAnswer } from "./api-answer.ts";

interface Counted {
  /** The parameter that says where a page begins. */
  readonly param: string;
  /** What it is on the first page; 0 by offset and 1 by page unless said otherwise. */
  readonly first?: number;
  /** Where the list is in the answer's body, as a JSON Pointer: `"/data"`; its only list unless said otherwise. */
  readonly items?: string;
  /** Where the number of all items is: `"/total"`. Without it the pages end with an empty one. */
  readonly total?: string;
}

/** How an API cuts its lists into pages. Callers get `cursor`, and `page.cursor` in a result that has more after it. */
export type ApiPaging =
  /** The answer's body has the next value of `param` at `next`, a JSON Pointer: `"/next_cursor"`. */
  | { readonly by: "cursor"; readonly param: string; readonly next: string; readonly items?: string }
  /** The answer's `Link` header has it, in the address of `rel="next"`; of that address nothing else is used. */
  | { readonly by: "link"; readonly param: string; readonly items?: string }
  /** `param` counts items. */
  | ({ readonly by: "offset" } & Counted)
  /** `param` counts pages. */
  | ({ readonly by: "page" } & Counted);

const CURSOR = {
  type: "string",
  description: "Goes on after a page: the cursor that it gave, with the same arguments.",
};
const PAGE = {
  type: "object",
  description: "Where there is a cursor there is more: call again with the same arguments and this cursor.",
  properties: { returned: { type: "integer" }, total: { type: "integer" }, cursor: { type: "string" } },
  required: ["returned"],
  additionalProperties: false,
};

/** The input with the field by which a caller goes on. */
export function withCursor(input: JsonSchema, place: DefinitionPlace): JsonSchema {
  return withProperty(input, { name: "cursor", schema: CURSOR, side: "input" }, place);
}

/** The output with the field that says how it goes on. */
export function withPage(output: JsonSchema, place: DefinitionPlace): JsonSchema {
  return withProperty(output, { name: "page", schema: PAGE, side: "output" }, place);
}

function withProperty(
  schema: JsonSchema,
  { name, schema: added, side }: { readonly name: string; readonly schema: object; readonly side: string },
  place: DefinitionPlace,
): JsonSchema {
  const properties = objectOf(schema["properties"]);
  if (!Object.hasOwn(properties, name)) return { ...schema, properties: { ...properties, [name]: added } };
  throw new DefinitionError(
    place,
    `its ${side} has a field "${name}", which paging adds.`,
    side === "input" ? "Give it another name by `rename`." : "Leave it out by `pick` or `output`.",
  );
}

/** Text or number, as the API counts. */
export type PageStart = string | number;

/** The value of the paging parameter for a caller's cursor; undefined on the first page, where the API needs none. */
export function startOf(paging: ApiPaging, cursor: unknown, isNeeded: boolean): PageStart | undefined {
  const isCounted = paging.by === "offset" || paging.by === "page";
  if (typeof cursor !== "string") return isCounted && isNeeded ? firstOf(paging) : undefined;
  if (!isCounted) return cursor;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new CallError("cursor_invalid", "This cursor belongs to another call.", {
    category: "validation",
    next: "Leave `cursor` out and start with the first page.",
  });
}

function firstOf(paging: Extract<ApiPaging, { by: "offset" | "page" }>): number {
  return paging.first ?? (paging.by === "offset" ? 0 : 1);
}

/** What `page` says of an answer. */
export function pageOf(paging: ApiPaging, answer: ApiAnswer, start: PageStart | undefined): JsonObject {
  const returned = itemsOf(paging, answer.body)?.length ?? 0;
  const total =
    "total" in paging && paging.total !== undefined ? follow(answer.body, pointerSteps(paging.total)) : undefined;
  const next = nextOf(paging, answer, { start, returned, total });
  return {
    returned,
    ...(typeof total === "number" && { total }),
    // A cursor that leads back to where it was taken from would be followed for ever.
    ...(next !== undefined && next !== String(start) && { cursor: next }),
  };
}

interface Step {
  readonly start: PageStart | undefined;
  readonly returned: number;
  readonly total: unknown;
}

function nextOf(paging: ApiPaging, { body, headers }: ApiAnswer, { start, returned, total }: Step): string | undefined {
  if (paging.by === "cursor") {
    const next = follow(body, pointerSteps(paging.next));
    return typeof next === "number" || (typeof next === "string" && next !== "") ? String(next) : undefined;
  }
  if (paging.by === "link") return fromLink(headers["link"], paging.param);
  if (returned === 0) return undefined;
  const first = firstOf(paging);
  const here = start === undefined ? first : Number(start);
  if (paging.by === "page") {
    // How many come before this page is not known where pages differ in size: the last one is then an empty one.
    const seen = (here - first + 1) * returned;
    return typeof total === "number" && start === undefined && seen >= total ? undefined : String(here + 1);
  }
  const next = here + returned;
  return typeof total === "number" && next - first >= total ? undefined : String(next);
}

/** The list of an answer: where the author says, or the only one that there is. */
function itemsOf({ items }: ApiPaging, body: unknown): readonly unknown[] | undefined {
  if (items !== undefined) return listOf(follow(body, pointerSteps(items)));
  if (Array.isArray(body)) return body;
  const lists = isObject(body) ? Object.values(body).filter(Array.isArray) : [];
  return lists.length === 1 ? listOf(lists[0]) : undefined;
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/** RFC 8288: `<https://…?page=3>; rel="next"`. */
function fromLink(header: string | undefined, param: string): string | undefined {
  for (const [, target = "", parameters = ""] of (header ?? "").slice(0, 8_000).matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters)) continue;
    return URL.parse(target, "https://relative.invalid")?.searchParams.get(param) ?? undefined;
  }
  return undefined;
}
