import {
  anObject,
  anything,
  flag,
  type Kind,
  type Kinds,
  listOf,
  oneOf,
  rate,
  recordOf,
  text,
  texts,
  wholeNumber,
  words,
} from "../settings/kinds.ts";
import { effect, flagKey, modes, READABLE_KINDS, RULE_KINDS } from "../settings/tool-kinds.ts";
import type { NetworkAddress, ProgramAddress, UpstreamRules, UpstreamTool } from "./upstream-options.ts";

/** The protocol's own, and the gate's. */
const RESERVED_META = /^io\.(?:modelcontextprotocol|callgate)\//;

const clientMeta: Kind = listOf(
  { fits: (name) => typeof name === "string" && !RESERVED_META.test(name), cure: "" },
  'List names that clients have: clientMeta: ["org.example/locale"].',
);

const { scope, timeoutMs, maxResultBytes } = READABLE_KINDS;

export const UPSTREAM_KINDS: Kinds<UpstreamRules> = {
  reads: texts('reads: ["find_*", "get_order"]'),
  tools: recordOf(anObject(""), 'Name them: tools: { find_contacts: { as: "find_people" } }.'),
  serve: oneOf(["all", "named"]),
  prefix: {
    fits: (value) => typeof value === "string" && /^[A-Za-z0-9_.-]{0,30}$/.test(value),
    cure: "Use letters, digits and underscores, e.g. crm_.",
  },
  resources: flag,
  prompts: flag,
  scope,
  modes,
  approval: anything,
  timeoutMs,
  maxResultBytes,
  required: flag,
  quota: rate,
  concurrency: wholeNumber(),
  clientMeta,
  smoke: listOf(anObject(""), 'List calls: smoke: [{ call: "find_contacts", with: { name: "Ann" } }].'),
  owner: text,
  purpose: text,
  concern: text,
  endpoint: oneOf(["shared", "own"]),
  rollout: flagKey,
  lockFile: text,
};

/** What of these may be a secret is judged where it is not shown. */
export const PROGRAM_KINDS: Kinds<ProgramAddress> = {
  command: anything,
  args: anything,
  env: anObject('{ TOKEN: env("TOKEN") }'),
  cwd: text,
  roots: flag,
};

export const NETWORK_KINDS: Kinds<NetworkAddress> = { url: anything, credential: anything };

export const UPSTREAM_TOOL_KINDS: Kinds<UpstreamTool> = {
  ...RULE_KINDS,
  as: {
    fits: (value) => typeof value === "string" && /^[A-Za-z0-9_.-]{1,64}$/.test(value),
    cure: "Use letters, digits and underscores, verb first: find_contacts.",
  },
  effect,
  approval: anything,
  description: words,
  hidden: flag,
  dryRunArgument: text,
};
