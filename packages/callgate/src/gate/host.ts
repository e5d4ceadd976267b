import { inspect } from "node:util";
import { networkOf } from "../limits/network.ts";
import type { Answer, CacheHint, Caller, ErrorAnswer, Exchange, Host, ServerIdentity } from "../wire/exchange.ts";
import type { Ending } from "./answers/ending.ts";
import { type PreparedMembers, preparedEnding, prepareMembers } from "./answers/result-ending.ts";
import { Call } from "./call/call.ts";
import { answerContracts } from "./contracts/answer-contracts.ts";
import { ContractTexts } from "./contracts/contract-texts.ts";
import { identify } from "./identify.ts";
import { leave, limitList } from "./limit.ts";
import { openSubscription } from "./listening/subscribe.ts";
import type { GateParts } from "./parts.ts";
import { record } from "./record.ts";
import type { Menu } from "./served/menus.ts";
import { answerTasks, taskMethods } from "./tasks/answer-tasks.ts";
import { TASKS_EXTENSION } from "./tasks/knows-tasks.ts";

const LIST_CACHE: CacheHint = { ttlMs: 5_000, cacheScope: "private" };

/** The member of `_meta` in which a client says how it wants to be shown its tools. */
const LISTED = "io.callgate/catalogue";

const NOTHING_MORE: Answer = { kind: "result", members: "", resultType: "complete", cache: undefined, meta: undefined };

type List = readonly [string, (menu: Menu, exchange: Exchange) => string];

/** Lists by method: the member that the result has, and the prepared text of a menu. */
const lists: Readonly<Record<string, List>> = {
  "tools/list": ["tools", (menu, exchange) => (wantsAll(exchange) && menu.searched?.all()) || menu.listed.tools],
  "resources/list": ["resources", (menu) => menu.listed.resources],
  "resources/templates/list": ["resourceTemplates", (menu) => menu.listed.templates],
  "prompts/list": ["prompts", (menu) => menu.listed.prompts],
};

const calls = ["tools/call", "resources/read", "prompts/get", "completion/complete"] as const;

/** The gate as the wire sees it: a method is answered by a list from a menu, or by a call through the stages. */
export function createHost(gate: GateParts): Host {
  const hasTasks = gate.registry.tools.some(({ long }) => long !== undefined);
  const texts = new ContractTexts(gate);
  const ownTaskMethods = hasTasks ? taskMethods : [];
  const methods = new Set([
    ...Object.keys(lists),
    ...calls,
    ...ownTaskMethods,
    "subscriptions/listen",
    "server/discover",
  ]);
  return {
    identity: identityOf(gate, hasTasks),
    methods,
    handle: async (exchange: Exchange): Promise<Answer> => {
      const call = new Call(gate, exchange);
      const list = lists[exchange.method];
      gate.running.enter();
      try {
        if (exchange.method === "server/discover") return await answerDiscovery(call);
        if (ownTaskMethods.includes(exchange.method)) return (await answerTasks(call)).answer;
        const ending = list === undefined ? await gate.pass(call) : await answerList(call, list);
        return ending.answer;
      } finally {
        gate.running.leave();
      }
    },
    contracts: async (exchange, wanted) => {
      gate.running.enter();
      try {
        return await answerContracts(new Call(gate, exchange), texts, wanted);
      } finally {
        gate.running.leave();
      }
    },
    onRefused: (remoteAddress) => countUnread(gate, remoteAddress),
    identify: (exchange) => answerIdentity(new Call(gate, exchange)),
    onProblem: (what, error) => gate.log.error(what, { error: inspect(error) }),
    listen: (exchange, wanted, sink) => openSubscription(new Call(gate, exchange), wanted, sink),
  };
}

/** Programs may ask for every tool that they see where models search: they read what no model has to. */
function wantsAll({ meta }: Exchange): boolean {
  return meta.all[LISTED] === "list";
}

function answerList(call: Call, [member, textOf]: List): Promise<Ending> {
  return record(call, async () => {
    const refusal = (await identify(call)) ?? (await limitList(call));
    if (refusal !== undefined) return refusal;
    const menu = call.gate.menus.of(call.subject, call.exchange.endpoint);
    const finished = { value: undefined, resultText: undefined, cache: LIST_CACHE };
    return preparedEnding(listed(menu, member, textOf(menu, call.exchange)), finished);
  }).finally(() => leave(call));
}

const prepared = new WeakMap<Menu, Map<string, PreparedMembers>>();

/** A list as it stands in an answer, put together and counted once for all who ask for it: it may be megabytes. */
function listed(menu: Menu, member: string, text: string): PreparedMembers {
  let own = prepared.get(menu);
  if (own === undefined) prepared.set(menu, (own = new Map()));
  let members = own.get(member);
  // Of its tools a menu may have two lists.
  if (members?.of !== text) own.set(member, (members = prepareMembers(member, text)));
  return members;
}

/** Nobody has read what they wanted, nor who they are. */
function countUnread(gate: GateParts, remoteAddress: string | undefined): void {
  gate.recorder.refuse({
    at: gate.clock(),
    subject: `address ${networkOf(remoteAddress)}`,
    subjectKind: undefined,
    tenant: undefined,
    tool: undefined,
    domain: undefined,
    method: "unread",
    code: "overloaded",
    transport: "http",
    revision: "unread",
  });
}

/** What there is to discover stands in `identity`; here is only found out whether this caller may know it. */
async function answerDiscovery(call: Call): Promise<Answer> {
  const refusal = (await identify(call)) ?? (await limitList(call));
  leave(call);
  return refusal === undefined ? NOTHING_MORE : (await record(call, () => Promise.resolve(refusal))).answer;
}

/** Only a refusal is on record: whoever comes in has calls that are. */
async function answerIdentity(call: Call): Promise<Caller | ErrorAnswer> {
  const refusal = await identify(call);
  if (refusal !== undefined) {
    const { answer } = await record(call, () => Promise.resolve(refusal));
    // No credential is refused with a result, nor is a record that fails.
    return answer as ErrorAnswer;
  }
  const { id, caller } = call.subject;
  // All strangers have one id; those behind a channel are known by its key.
  return { kind: "caller", subject: id === "anonymous" ? caller : id };
}

function identityOf({ config }: GateParts, hasTasks: boolean): ServerIdentity {
  return {
    name: config.name,
    title: undefined,
    version: config.version ?? "0.0.0",
    instructions: config.instructions,
    capabilities: {
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      prompts: { listChanged: true },
      completions: {},
      logging: {},
      ...(hasTasks && { extensions: { [TASKS_EXTENSION]: {} } }),
    },
  };
}
