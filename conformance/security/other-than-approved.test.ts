import { afterAll, beforeAll, expect, test } from "vitest";
import {
  envelope,
  modernHeaders,
  modernMessage,
  type Received,
  send,
} from "../../packages/callgate/src/transports/testing/modern-request.ts";
import { type AskingHouse, openHouse } from "./asking-house.ts";

let house: AskingHouse;
let agent: string;
let otherAgent: string;
let anna: string;
let boss: string;

beforeAll(async () => {
  house = await openHouse();
  agent = (await house.keyFor({ kind: "agent", name: "helper", user: "anna", role: "desk" })).secret;
  otherAgent = (await house.keyFor({ kind: "agent", name: "other", user: "anna", role: "desk" })).secret;
  anna = (await house.keyFor({ kind: "person", name: "anna", role: "desk" })).secret;
  boss = (await house.keyFor({ kind: "person", name: "boss", role: "boss" })).secret;
});
afterAll(() => house[Symbol.asyncDispose]());

interface Sent {
  readonly tool?: string;
  /** Further members of `params`, as JSON text. */
  readonly params?: string;
  readonly capabilities?: object;
  readonly origin?: string;
}

/** Sends a call whose arguments are this very text. */
function sendRaw(
  key: string,
  args: string,
  { tool = "open_door", params = "", capabilities, origin }: Sent = {},
): Promise<Received> {
  const meta = { ...envelope, ...(capabilities && { "io.modelcontextprotocol/clientCapabilities": capabilities }) };
  const message = modernMessage("tools/call", { name: tool, _meta: meta });
  const body = JSON.stringify(message).replace('"params":{', `"params":{"arguments":${args},${params}`);
  const headers = modernHeaders(message, { authorization: `Bearer ${key}` });
  return send(`${origin ?? house.origin}/mcp`, { headers, body });
}

const codeOf = ({ json }: Received): unknown => {
  const { isError, _meta } = (json.result ?? {}) as { isError?: boolean; _meta?: Record<string, { code?: string }> };
  return json.error === undefined ? isError === true && _meta?.["io.callgate/error"]?.code : json.error.data?.["code"];
};

/** Asks, and has the boss approve it. */
async function approved(args: string): Promise<void> {
  expect(codeOf(await sendRaw(agent, args))).toBe("approval_pending");
  const { approvals } = await house.call(boss, "list_approvals");
  const [{ approval_id } = { approval_id: "" }] = approvals as { approval_id: string }[];
  expect(await house.call(boss, "decide_approval", { approval_id, decision: "approve" })).toMatchObject({
    state: "approved",
  });
}

test("what was not approved asks anew: another value, type, form, field, tool or caller (SECURITY 17)", async () => {
  const args = (door: string, more = ""): string => `{"level":"operator","door":${door}${more}}`;
  await approved(args('"caf\\u00e9"'));
  const others: readonly (readonly [string, Sent?, string?])[] = [
    [args('"cafe"')],
    [args('"cafe\\u0301"')],
    [args('"Caf\\u00e9"')],
    [args('"caf\\u00e9 "')],
    [args('"caf\\u00e9"', ',"turns":2')],
    [args('"caf\\u00e9"', ',"note":""')],
    [args('"caf\\u00e9"'), { tool: "take_door_out" }],
    [args('"caf\\u00e9"'), {}, otherAgent],
    [args('"caf\\u00e9"'), {}, anna],
  ];
  for (const [text, sent, key = agent] of others)
    expect([text, codeOf(await sendRaw(key, text, sent))]).toEqual([text, "approval_pending"]);
  for (const wrong of [args('["caf\\u00e9"]'), args("1"), args('"caf\\u00e9"', ',"force":true')])
    expect([wrong, codeOf(await sendRaw(agent, wrong))]).toEqual([wrong, expect.stringMatching(/_arguments?$/)]);
  for (const twice of [args('"caf\\u00e9"', ',"door":"vault"'), args('"caf\\u00e9"', ',"d\\u006for":"vault"')])
    expect((await sendRaw(agent, twice)).status).toBe(400);
  expect(house.opened).toEqual([]);
  // A plan that has changed asks anew as well, and the old yes is not used for it.
  house.price += 1;
  expect(codeOf(await sendRaw(agent, args('"caf\\u00e9"')))).toBe("approval_pending");
  expect(house.opened).toEqual([]);
});

test.each([
  ["in another order", '{"turns":1,"door":"A","level":"operator"}'],
  ["with 1.0 for 1", '{"level":"operator","door":"A","turns":1.0}'],
  ["with white space", '{ "level" : "operator",\n\t"door": "A" , "turns": 1 }'],
  ["without what is so by default", '{"level":"operator","door":"A"}'],
  ["for another reason", '{"level":"operator","door":"A","turns":1,"reason":"another one"}'],
  ["by another spelling of the same letters", '{"level":"operator","d\\u006for":"\\u0041","turns":1e0}'],
])("what was approved goes through %s, once (SECURITY 17)", async (_, text) => {
  house.opened.splice(0);
  await approved('{"level":"operator","door":"A","turns":1}');
  expect(codeOf(await sendRaw(agent, text))).toBe(false);
  expect(house.opened).toEqual(["A"]);
  expect(codeOf(await sendRaw(agent, text))).toBe("approval_pending");
  expect(house.opened).toEqual(["A"]);
});

const url = { capabilities: { elicitation: { url: {} } } };

function stateOf({ json }: Received): string {
  const { resultType, requestState } = json.result as { resultType?: string; requestState?: string };
  expect(resultType).toBe("input_required");
  return requestState ?? "";
}

const withState = (state: string): Sent => ({
  ...url,
  params: `"requestState":${JSON.stringify(state)},"inputResponses":{"approval":{"action":"accept"}},`,
});

test("a state that was changed, cut, taken or is of another gate counts for nothing, and the right one for one write (SECURITY 15)", async () => {
  house.opened.splice(0);
  const args = '{"level":"owner","door":"state","idempotency_key":"of-state"}';
  const state = stateOf(await sendRaw(agent, args, url));
  const { approvals } = await house.call(anna, "list_approvals");
  const [{ approval_id } = { approval_id: "" }] = approvals as { approval_id: string }[];
  await house.call(anna, "decide_approval", { approval_id, decision: "approve" });
  const flipped = Buffer.from(state, "base64url");
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
  for (const each of [flipped.toString("base64url"), state.slice(0, -2), `${state}AA`, "", "e30"])
    expect([each, codeOf(await sendRaw(agent, args, withState(each)))]).toEqual([each, "state_invalid"]);
  const stolen = [
    sendRaw(otherAgent, args, withState(state)),
    sendRaw(agent, args.replace('"state"', '"vault"'), withState(state)),
    sendRaw(agent, args, { ...withState(state), tool: "take_door_out" }),
  ];
  for (const answer of await Promise.all(stolen)) expect(codeOf(answer)).toBe("state_invalid");
  await using neighbours = await openHouse();
  const theirs = (await neighbours.keyFor({ kind: "agent", name: "helper", user: "anna", role: "desk" })).secret;
  const elsewhere = await sendRaw(theirs, args, { ...withState(state), origin: neighbours.origin });
  expect(codeOf(elsewhere)).toBe("state_invalid");
  expect([...house.opened, ...neighbours.opened]).toEqual([]);
  for (let time = 0; time < 3; time += 1)
    expect((await sendRaw(agent, args, withState(state))).json.result?.["structuredContent"]).toEqual({
      opened: "state",
    });
  expect(house.opened).toEqual(["state"]);
});

test("a yes by form counts for nothing where a person has to sign in, nor where nobody has asked (SECURITY 16)", async () => {
  house.opened.splice(0);
  const yes = '"inputResponses":{"approval":{"action":"accept","content":{"approve":true}}},';
  for (const level of ["owner", "operator", "two"]) {
    const args = `{"level":"${level}","door":"${level}"}`;
    for (const capabilities of [{ elicitation: {} }, { elicitation: { form: {} } }, {}])
      for (const params of [yes, "", yes])
        expect(codeOf(await sendRaw(agent, args, { params, capabilities }))).toBe("approval_pending");
  }
  const { approvals } = await house.call(boss, "list_approvals");
  for (const { approval_id } of approvals as { approval_id: string }[])
    expect(await house.call(boss, "get_approval", { approval_id })).toMatchObject({ decisions: [] });
  expect(house.opened).toEqual([]);
});
