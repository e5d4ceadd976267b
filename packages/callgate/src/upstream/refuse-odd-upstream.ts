import { maskSecrets } from "../audit/secret-patterns.ts";
import { closestTo } from "../define/closest.ts";
import { DefinitionError } from "../define/definition-error.ts";
import { parseRate } from "../limits/rate-limit.ts";
import { isCredential } from "./credential.ts";
import { refuseUnpinned } from "./stdio/refuse-unpinned.ts";
import {
  isProgram,
  KNOWN_NETWORK,
  KNOWN_PROGRAM,
  KNOWN_RULES,
  KNOWN_TOOL,
  type ProgramAddress,
  type UpstreamOptions,
} from "./upstream-options.ts";

const SECRET_NAME = /token|secret|password|passwd|credential|api_?key|access_?key|private_?key/i;
/** The protocol's own, and the gate's. */
const RESERVED_META = /^io\.(?:modelcontextprotocol|callgate)\//;
const EFFECTS = ["read", "write", "destructive"];
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Refuses what cannot work, what nobody has fixed to a version, and secrets that stand in the config (requirements G1, B4). */
export function refuseOddUpstream(name: string, options: UpstreamOptions): void {
  const refuse = (problem: string, cure: string): never => {
    throw new DefinitionError({ setting: `upstream("${name}")` }, problem, cure);
  };
  const hasUrl = "url" in options;
  if (isProgram(options) === hasUrl)
    refuse("it has not one address.", "Give it a `command` with its `args`, or a `url`.");
  const known = { ...KNOWN_RULES, ...(hasUrl ? KNOWN_NETWORK : KNOWN_PROGRAM) };
  refuseUnknown(options, known, refuse);
  if (isProgram(options)) {
    refuseOddProgram(options, refuse);
    refuseUnpinned(options.command, options.args ?? [], { setting: `upstream("${name}")` });
  } else {
    refuseOddUrl(options.url, refuse);
    refuseOddCredential(options.credential, refuse);
  }
  refuseOddRules(options, refuse);
}

type Refuse = (problem: string, cure: string) => never;

function refuseUnknown(given: object, known: Readonly<Record<string, true>>, refuse: Refuse): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const near = closestTo(unknown, Object.keys(known));
  refuse(
    `it has a setting "${unknown}".`,
    near === undefined ? `There are ${Object.keys(known).join(", ")}.` : `Did you mean "${near}"?`,
  );
}

function refuseOddProgram({ command, args = [], env = {} }: ProgramAddress, refuse: Refuse): void {
  if (typeof command !== "string" || command.trim() === "") refuse("it has no command.", "Name the program.");
  if (/\s/.test(command) && args.length === 0)
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

const NUMBERS = ["timeoutMs", "maxResultBytes", "concurrency"] as const;

function refuseOddRules(options: UpstreamOptions, refuse: Refuse): void {
  const { reads = [], clientMeta = [], tools = {}, serve = "all", prefix = "", quota } = options;
  if (!Array.isArray(reads) || !reads.every((pattern) => typeof pattern === "string" && pattern !== ""))
    refuse("its `reads` are not names.", 'List them: reads: ["find_*", "get_order"].');
  if (!Array.isArray(clientMeta) || !clientMeta.every((name) => typeof name === "string" && !RESERVED_META.test(name)))
    refuse("its `clientMeta` are not names that clients have.", 'List them: clientMeta: ["org.example/locale"].');
  if (serve !== "all" && serve !== "named") refuse(`its \`serve\` is "${String(serve)}".`, 'Use "all" or "named".');
  if (serve === "named" && Object.keys(tools).length === 0)
    refuse("it serves named tools, and names none.", "Name them under `tools`.");
  if (!/^[A-Za-z0-9_.-]{0,30}$/.test(prefix))
    refuse(`its prefix is "${prefix}".`, "Use letters, digits and underscores, e.g. crm_.");
  refuseOddNumbers("", options, refuse);
  if (quota !== undefined && parseRate(quota) === undefined)
    refuse(`its quota is "${quota}".`, 'Write calls per time, like "600/min".');
  for (const [tool, rules] of Object.entries(tools)) {
    const refuseTool: Refuse = (problem, cure) => refuse(`its tool "${tool}": ${problem}`, cure);
    refuseUnknown(rules, KNOWN_TOOL, refuseTool);
    refuseOddNumbers("its ", rules, refuseTool);
    const { effect, as, rate } = rules;
    if (effect !== undefined && !EFFECTS.includes(effect))
      refuseTool(`its effect is "${effect}".`, `Use ${EFFECTS.join(", ")}.`);
    if (as !== undefined && !/^[A-Za-z0-9_.-]{1,64}$/.test(as))
      refuseTool(`its name \`as\` is "${as}".`, "Use letters, digits and underscores, verb first: find_contacts.");
    if (rate !== undefined && parseRate(rate) === undefined)
      refuseTool(`its rate is "${rate}".`, 'Write calls per time, like "60/min".');
  }
}

function refuseOddNumbers(
  whose: string,
  rules: { readonly [Name in (typeof NUMBERS)[number]]?: number },
  refuse: Refuse,
): void {
  for (const name of NUMBERS) {
    const value = rules[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= LONGEST_TIMEOUT_MS))
      refuse(`${whose}${name} is ${value}.`, `Use a whole number from 1 to ${LONGEST_TIMEOUT_MS}.`);
  }
}
