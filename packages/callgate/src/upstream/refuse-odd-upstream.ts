import { existsSync } from "node:fs";
import { compileWhen } from "../approvals/compile-demand.ts";
import { toApprovalRules } from "../approvals/to-approval-rules.ts";
import { maskSecrets } from "../audit/secret-patterns.ts";
import { closestTo } from "../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../define/definition-error.ts";
import { anObject, type Kind } from "../settings/kinds.ts";
import { oddValueIn, refuseOddValues } from "../settings/refuse-odd-values.ts";
import { isCredential } from "./credential.ts";
import { NETWORK_KINDS, PROGRAM_KINDS, UPSTREAM_KINDS, UPSTREAM_TOOL_KINDS } from "./option-kinds.ts";
import { refuseUnpinned } from "./stdio/refuse-unpinned.ts";
import { isProgram, type ProgramAddress, type UpstreamOptions, type UpstreamTool } from "./upstream-options.ts";

const OPTIONS = anObject('{ command: "npx", args: ["-y", "crm-server@1.2.3"] }');
const SECRET_NAME = /token|secret|password|passwd|credential|api_?key|access_?key|private_?key/i;

/** Refuses what cannot work, what nobody has fixed to a version, and secrets that stand in the config (requirements G1, B4). */
export function refuseOddUpstream(name: string, options: UpstreamOptions): void {
  const refuse = (problem: string, cure: string): never => {
    throw new DefinitionError(placeOf(name), problem, cure);
  };
  refuseOddValues({ options: options ?? null }, { options: OPTIONS }, { place: placeOf(name) });
  const hasUrl = "url" in options;
  if (isProgram(options) === hasUrl)
    refuse("it has not one address.", "Give it a `command` with its `args`, or a `url`.");
  const kinds = { ...UPSTREAM_KINDS, ...(hasUrl ? NETWORK_KINDS : PROGRAM_KINDS) };
  refuseOddSettings(options, kinds, { all: placeOf(name), one: (setting) => placeOf(name, setting) });
  if (isProgram(options)) {
    refuseOddProgram(options, refuse);
    refuseUnpinned(options.command, options.args ?? [], placeOf(name));
  } else {
    refuseOddUrl(options.url, refuse);
    refuseOddCredential(options.credential, refuse);
  }
  refuseOddRules(name, options);
}

type Refuse = (problem: string, cure: string) => never;

function refuseOddProgram({ command, args = [], env = {} }: ProgramAddress, refuse: Refuse): void {
  if (typeof command !== "string" || command.trim() === "") refuse("it has no command.", "Name the program.");
  if (/\s/.test(command) && args.length === 0 && !existsSync(command))
    refuse(
      `its command is "${command}".`,
      "There is no shell: give the program as `command`, each argument in `args`.",
    );
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === "string"))
    refuse("its args are not texts.", 'Write them one by one: args: ["-y", "server@1.2.3"].');
  if (args.some((arg) => isSecret(arg)))
    refuse("one of its args looks like a secret.", 'Give it in `env`, by reference: env: { TOKEN: env("TOKEN") }.');
  for (const [variable, value] of Object.entries(env)) {
    if (typeof value === "string" && value !== "" && (SECRET_NAME.test(variable) || isSecret(value)))
      refuse(`its env has the secret ${variable} as it is.`, `Give a reference: ${variable}: env("${variable}").`);
  }
}

function refuseOddUrl(url: unknown, refuse: Refuse): void {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    return refuse(`its url is ${JSON.stringify(url)}.`, "Write it whole: https://crm.internal/mcp.");
  const named = [...parsed.searchParams.keys()].some((key) => SECRET_NAME.test(key));
  if (parsed.username !== "" || parsed.password !== "" || named || isSecret(String(url)))
    refuse("its url holds a secret.", 'Give it as credential: bearer(env("TOKEN")).');
}

/** Of what stands there nothing is said: it may be a secret. */
function refuseOddCredential(credential: unknown, refuse: Refuse): void {
  if (credential === undefined || isCredential(credential)) return;
  refuse("its credential is none: nothing says how it is shown.", 'Write credential: bearer(env("TOKEN")).');
}

function isSecret(text: string): boolean {
  return maskSecrets(text, "") !== text;
}

function refuseOddRules(name: string, options: UpstreamOptions): void {
  const { tools = {} } = options;
  if (options.serve === "named" && Object.keys(tools).length === 0)
    throw new DefinitionError(placeOf(name), "it serves named tools, and names none.", "Name them under `tools`.");
  refuseOddApproval(options.approval, {
    name: `upstream("${name}")`,
    place: placeOf(name, "approval"),
  });
  for (const [tool, rules] of Object.entries(tools)) {
    const within = (setting: string): DefinitionPlace => placeOf(name, `tools: { ${tool}: { ${setting} } }`);
    refuseOddSettings(rules, UPSTREAM_TOOL_KINDS, { all: placeOf(name, `tools: { ${tool} }`), one: within });
    refuseOddApproval(rules.approval, { name: tool, place: within("approval") });
  }
}

interface Places {
  /** That of whatever has the settings. */
  readonly all: DefinitionPlace;
  readonly one: (setting: string) => DefinitionPlace;
}

/** Refuses a setting that there is not, and one that holds what it may not. */
function refuseOddSettings(given: object, kinds: Readonly<Record<string, Kind>>, { all, one }: Places): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(kinds, name));
  if (unknown !== undefined) {
    const near = closestTo(unknown, Object.keys(kinds));
    const cure = near === undefined ? `There are ${Object.keys(kinds).join(", ")}.` : `Did you mean "${near}"?`;
    throw new DefinitionError(all, `it has a setting "${unknown}".`, cure);
  }
  const odd = oddValueIn(given, kinds);
  if (odd !== undefined) throw new DefinitionError(one(odd.name), odd.problem, odd.cure);
}

/** Whether a rule fits the arguments of the tools that it is for is judged when these are known. */
function refuseOddApproval(
  approval: UpstreamTool["approval"],
  { name, place }: { readonly name: string; readonly place: DefinitionPlace },
): void {
  for (const [at, { when }] of (toApprovalRules(approval, place).rules ?? []).entries()) {
    if (typeof when === "string")
      compileWhen(when, { name: `rule ${at + 1} of ${name}`, place, inputFields: undefined });
  }
}

function placeOf(name: string, setting?: string): DefinitionPlace {
  return { setting: setting === undefined ? `upstream("${name}")` : `upstream("${name}", { ${setting} })` };
}
