import { isTeam } from "../callers/visible.ts";
import type { CallError } from "../define/call-error.ts";
import { closestTo } from "../define/closest.ts";
import { after, type MaybePromise } from "../define/maybe-promise.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { gateError } from "./answers/gate-error.ts";
import type { Call } from "./call/call.ts";
import type { Issue } from "./compile/issue.ts";
import type { ServedReadable, ServedTool } from "./served/served.ts";

/** Stage 5. Takes the gate's own fields out of the arguments, and validates the rest by the tool's schema. */
export function check(call: Call): MaybePromise<void> {
  const { served } = call;
  return served.kind === "tool" ? checkTool(call, served) : checkReadable(call, served);
}

function checkTool(call: Call, tool: ServedTool): MaybePromise<void> {
  const given = call.exchange.params["arguments"] ?? {};
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw gateError("invalid_arguments", "`arguments` must be an object.", {
      next: `Call ${tool.name} with an object of arguments.`,
    });
  }
  const own = takeServed(call, tool, given as JsonObject);
  if (tool.accountField !== undefined) putAccount(call, tool.accountField, own);
  return after(tool.validateInput(own), (result) => {
    if (!result.ok) throw invalidArguments(call, tool, named(result.issues, tool, own));
    call.input = result.value;
  });
}

/** Splits the gate's fields from the tool's own. Names that neither knows are refused, with the nearest one that is known. */
function takeServed(call: Call, tool: ServedTool, given: JsonObject): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (tool.servedArguments.has(name)) takeField(call, name, value);
    else if (isFormer(tool, name)) takeFormer(call, { tool, name, given, own });
    else if (tool.arguments === undefined || tool.arguments.has(name)) setOwn(own, name, value);
    else throw unknownArgument(tool, name);
  }
  if (tool.reasonRequired && (call.own.reason === undefined || call.own.reason.trim() === "")) {
    throw gateError("reason_required", "Say why you call this.", { next: "Add `reason`: one sentence." });
  }
  return own;
}

function isFormer({ declaration: { renamed } }: ServedTool, name: string): boolean {
  return renamed?.fields !== undefined && Object.hasOwn(renamed.fields, name);
}

interface FormerArgument {
  readonly tool: ServedTool;
  readonly name: string;
  readonly given: JsonObject;
  readonly own: Record<string, unknown>;
}

/** An argument under a former name is the one of now. Both at once would be one too many. */
function takeFormer(call: Call, { tool, name, given, own }: FormerArgument): void {
  const now = tool.declaration.renamed?.fields?.[name] ?? name;
  if (Object.hasOwn(given, now) || Object.hasOwn(own, now)) {
    throw gateError("invalid_arguments", `\`${name}\` is called \`${now}\` now, and both are there.`, {
      next: `Give \`${now}\` alone.`,
    });
  }
  setOwn(own, now, given[name]);
  call.own.formerFields = { ...call.own.formerFields, [name]: now };
}

function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(target, name, { value, enumerable: true });
  else target[name] = value;
}

function takeField(call: Call, name: string, value: unknown): void {
  const { own } = call;
  if (name === "dry_run" && typeof value === "boolean") own.dryRun = value;
  else if (name === "idempotency_key" && isKey(value)) own.key = value;
  else if (name === "preview_hash" && typeof value === "string") own.previewHash = value;
  else if (name === "reason" && typeof value === "string" && value.length <= 1000) own.reason = value;
  else if (name === "cursor" && typeof value === "string") own.cursor = value;
  else if (name === "include" && Array.isArray(value)) own.include = includedParts(call.served as ServedTool, value);
  else
    throw gateError("invalid_arguments", `\`${name}\` is not what it should be.`, {
      next:
        name === "idempotency_key"
          ? "Give it 1 to 200 characters, none of which is U+0000."
          : `See the input schema of ${call.served.name} for \`${name}\`.`,
    });
}

/** A store for which U+0000 ends a text would give back another key, under which the write would be made again. */
function isKey(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 200 && !value.includes("\0");
}

function includedParts(tool: ServedTool, wanted: readonly unknown[]): ReadonlySet<string> {
  for (const part of wanted) {
    if (typeof part !== "string" || !tool.include.has(part)) {
      throw gateError("invalid_arguments", `\`include\` has no part ${JSON.stringify(part)}.`, {
        next: `Parts of ${tool.name}: ${[...tool.include.keys()].join(", ")}.`,
      });
    }
  }
  return new Set(wanted as string[]);
}

/**
 * Whose account a call is about is the choice of teammates and their agents; for all others the gate puts it in. Another
 * account than the caller's own is refused, not replaced; a stranger has none.
 */
function putAccount(call: Call, field: string, own: Record<string, unknown>): void {
  const { subject } = call;
  if (isTeam(subject)) return;
  if (own[field] !== undefined && own[field] !== subject.account) {
    throw gateError("not_allowed", `\`${field}\` is not yours to choose.`, { next: `Leave \`${field}\` out.` });
  }
  if (subject.account !== undefined) own[field] = subject.account;
}

function unknownArgument(tool: ServedTool, name: string): CallError {
  const names = [...(tool.arguments ?? []), ...tool.servedArguments];
  const near = closestTo(name, names);
  return gateError("unknown_argument", `${tool.name} has no argument \`${name.slice(0, 80)}\`.`, {
    next: near === undefined ? `Its arguments: ${names.join(", ")}.` : `Did you mean \`${near}\`?`,
  });
}

/** What is wrong with an argument that is not there is that, in whatever words a library says it. */
function named(issues: readonly Issue[], { inputSchema }: ServedTool, own: JsonObject): Issue[] {
  const required = new Set((inputSchema["required"] ?? []) as readonly string[]);
  return issues.map((issue) => {
    const [name = "", ...within] = issue.path;
    const isAbsent = within.length === 0 && required.has(String(name)) && own[String(name)] === undefined;
    return isAbsent ? { ...issue, message: "missing" } : issue;
  });
}

function invalidArguments(call: Call, tool: ServedTool, issues: readonly Issue[]): CallError {
  const fields = issues
    .slice(0, 10)
    .map(({ path, message }) => ({ field: path.join(".") || "(arguments)", problem: message }));
  const menu = call.gate.menus.of(call.subject, call.exchange.endpoint);
  const sources = new Set(
    issues.map(({ path }) => tool.sources.get(String(path[0]))).filter((name) => name !== undefined),
  );
  const visible = [...sources].filter((name) => menu.tools.has(name));
  return gateError("invalid_arguments", fields.map(({ field, problem }) => `${field}: ${problem}`).join("; "), {
    next:
      visible.length > 0
        ? `Call ${visible.join(" or ")} to get what is missing, then ${tool.name} again.`
        : `Correct the arguments and call ${tool.name} again.`,
    details: { fields },
  });
}

function checkReadable(call: Call, served: ServedReadable): void {
  const values = served.values(call.exchange.params);
  const missing = served.required.filter((name) => values?.[name] === undefined);
  if (values === undefined || missing.length > 0) {
    throw gateError(
      "invalid_arguments",
      missing.length > 0 ? `Missing: ${missing.join(", ")}.` : "Arguments must be texts by name.",
      {
        next: `Give ${served.name} its arguments and ask again.`,
      },
    );
  }
  call.input = values;
}
