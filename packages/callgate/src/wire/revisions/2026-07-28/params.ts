import type { JsonObject } from "../../exchange.ts";
import { isJsonObject } from "../../json-rpc.ts";

/** What one member of `params` must look like; `problem` completes "params.x …". */
interface Shape {
  readonly member: string;
  readonly required: boolean;
  readonly fits: (value: unknown) => boolean;
  readonly problem: string;
}

const isString = (value: unknown): boolean => typeof value === "string";

function isStringMap(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  for (const key in value) if (typeof value[key] !== "string") return false;
  return true;
}

function isObjectMap(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  for (const key in value) if (!isJsonObject(value[key])) return false;
  return true;
}

function isReference(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  if (value["type"] === "ref/prompt") return typeof value["name"] === "string";
  return value["type"] === "ref/resource" && typeof value["uri"] === "string";
}

function isFilter(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const flags = ["toolsListChanged", "promptsListChanged", "resourcesListChanged"];
  if (!flags.every((flag) => value[flag] === undefined || typeof value[flag] === "boolean")) return false;
  return [value["resourceSubscriptions"], value["taskIds"]].every(
    (names) => names === undefined || (Array.isArray(names) && names.every(isString)),
  );
}

const must = (member: string, fits: Shape["fits"], problem: string): Shape => ({
  member,
  required: true,
  fits,
  problem,
});
const may = (member: string, fits: Shape["fits"], problem: string): Shape => ({
  member,
  required: false,
  fits,
  problem,
});

const page = [may("cursor", isString, "must be a string")];
const retry = [
  may("inputResponses", isObjectMap, "must be an object of objects"),
  may("requestState", isString, "must be a string"),
];

const shapes: ReadonlyMap<string, readonly Shape[]> = new Map([
  [
    "tools/call",
    [must("name", isString, "must be a string"), may("arguments", isJsonObject, "must be an object"), ...retry],
  ],
  ["tools/list", page],
  ["prompts/list", page],
  ["resources/list", page],
  ["resources/templates/list", page],
  [
    "prompts/get",
    [
      must("name", isString, "must be a string"),
      may("arguments", isStringMap, "must be an object of strings"),
      ...retry,
    ],
  ],
  ["resources/read", [must("uri", isString, "must be a string"), ...retry]],
  [
    "completion/complete",
    [
      must("ref", isReference, "must be a reference to a prompt or a resource"),
      must(
        "argument",
        (value) => isJsonObject(value) && isString(value["name"]) && isString(value["value"]),
        'must be an object with the strings "name" and "value"',
      ),
      may(
        "context",
        (value) => isJsonObject(value) && (value["arguments"] === undefined || isStringMap(value["arguments"])),
        'must be an object whose "arguments" are strings',
      ),
    ],
  ],
  ["subscriptions/listen", [must("notifications", isFilter, "must be a filter of notifications")]],
  ["tasks/get", [must("taskId", isString, "must be a string")]],
  ["tasks/update", [must("taskId", isString, "must be a string"), ...retry]],
  ["tasks/cancel", [must("taskId", isString, "must be a string")]],
]);

/** The first member of `params` that does not have the shape its method wants, as a sentence; undefined if all do. */
export function paramsFault(method: string, params: JsonObject): string | undefined {
  const wanted = shapes.get(method);
  if (wanted === undefined) return undefined;
  for (const shape of wanted) {
    const value = params[shape.member];
    if (value === undefined ? shape.required : !shape.fits(value)) return `params.${shape.member} ${shape.problem}.`;
  }
  return undefined;
}
