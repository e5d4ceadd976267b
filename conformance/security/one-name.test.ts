import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  apiKeys,
  DefinitionError,
  defineDomain,
  defineGate,
  type GateConfig,
  openGate,
  sqlite,
  upstream,
} from "callgate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AnyDomain } from "../../packages/callgate/src/define/domain.ts";
import { snapshotOf } from "../../packages/callgate/src/gate/served/snapshot-of.ts";
import { openTestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { writeLock } from "../../packages/callgate/src/upstream/lock/lock-file.ts";
import { toLocked } from "../../packages/callgate/src/upstream/lock/locked.ts";
import type { Offering } from "../../packages/callgate/src/upstream/testing/offering.ts";
import { type ServedOffering, serveOffering } from "../../packages/callgate/src/upstream/testing/serve-offering.ts";
import type { UpstreamRules } from "../../packages/callgate/src/upstream/upstream-options.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-names-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Offered extends Offering {
  readonly rules?: UpstreamRules;
}

/** An upstream of which all this was accepted, at an address where nobody is. */
function accepted(name: string, { rules, ...offering }: Offered): AnyDomain {
  const lockFile = join(folder, "callgate.lock.json");
  const url = `http://127.0.0.1:9/${name}`;
  const lists = { tools: [], resources: [], resourceTemplates: [], prompts: [], ...offering };
  const discovery = { revision: "2026-07-28", server: { name }, instructions: undefined, ...lists };
  writeLock(lockFile, name, () => toLocked(discovery, { url }));
  return upstream(name, { url, lockFile, ...rules });
}

const tool = (name: string) => ({ name, description: "Does it.", inputSchema: { type: "object", properties: {} } });
const tools = (...names: string[]) => ({ tools: names.map(tool) });
const prompts = (...names: string[]) => ({ prompts: names.map((name) => ({ name })) });
const at = (...uris: string[]) => ({ resources: uris.map((uri) => ({ uri, name: uri })) });
const below = (...templates: string[]) => ({
  resourceTemplates: templates.map((uriTemplate) => ({ uriTemplate, name: uriTemplate })),
});

function gateOf(...domains: AnyDomain[]): GateConfig {
  const callers = { authenticate: [apiKeys()] };
  return defineGate({ name: "names", graduation: "off", domains, callers, store: sqlite(join(folder, "gate.db")) });
}

describe("[G1] a gate does not start with two servers (SECURITY 22)", () => {
  const prefix = /upstream\("other".*prefix/s;
  const leaveOut = /upstream\("other", \{ resources: false \}\)/;
  const collisions: readonly [string, Offered, Offered, RegExp][] = [
    ["that have a tool of one name", tools("send_mail"), tools("send_mail"), prefix],
    ["whose names differ by case", tools("send_mail"), tools("Send_Mail"), prefix],
    ["whose names differ by what separates words", tools("send_mail"), tools("send.mail"), prefix],
    ["whose names differ by a separator that is not there", tools("send_mail_2"), tools("sendmail2"), prefix],
    [
      "whose names are one by two prefixes",
      { ...tools("mail_send"), rules: { prefix: "crm_" } },
      { ...tools("send"), rules: { prefix: "crm_mail_" } },
      prefix,
    ],
    [
      "whose names are one by a prefix without an end",
      { ...tools("mail"), rules: { prefix: "send" } },
      tools("send_mail"),
      prefix,
    ],
    [
      "one of whose tools was given the name of the other's",
      tools("send_mail"),
      { ...tools("post"), rules: { tools: { post: { as: "send_mail" } } } },
      prefix,
    ],
    [
      "one of whose tools had the name of the other's",
      tools("send_mail"),
      { ...tools("post"), rules: { tools: { post: { renamed: { from: ["send-mail"] } } } } },
      /former name "send-mail" leads to "send_mail"/,
    ],
    ["that have a prompt of one name", prompts("brief"), prompts("brief"), /prompts: false/],
    ["whose prompts differ by case", prompts("brief_me"), prompts("Brief-Me"), /prompts: false/],
    [
      "whose prompts are one by a prefix",
      prompts("a_brief"),
      { ...prompts("brief"), rules: { prefix: "a_" } },
      /prompts: false/,
    ],
    ["that have something at one address", at("notes://all"), at("notes://all"), leaveOut],
    ["that have one template", below("notes://{id}"), below("notes://{id}"), leaveOut],
    [
      "whose templates differ by the words for their variables",
      below("notes://{id}"),
      below("notes://{name}"),
      leaveOut,
    ],
    ["whose templates take in the same address", below("notes://{kind}/1"), below("notes://ann/{id}"), leaveOut],
    [
      "one of whose templates takes in the other's",
      below("notes://{kind}/{id}"),
      below("notes://a-{x}/{y}.md"),
      leaveOut,
    ],
  ];

  it.each(collisions)("%s, and says the cure", async (...[, one, other, words]) => {
    const error = await openGate(gateOf(accepted("one", one), accepted("other", other))).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DefinitionError);
    expect(String(error)).toMatch(words);
    expect(String(error)).toMatch(/domain "one"/);
  });

  it.each<[string, Offered, Offered]>([
    ["with a prefix", tools("send_mail"), { ...tools("send_mail"), rules: { prefix: "other_" } }],
    ["with another name", tools("send"), { ...tools("send"), rules: { tools: { send: { as: "post" } } } }],
    ["with one of the two hidden", tools("send"), { ...tools("send"), rules: { tools: { send: { hidden: true } } } }],
    ["without the prompts of one", prompts("brief"), { ...prompts("brief"), rules: { prompts: false } }],
    ["without the resources of one", at("notes://all"), { ...at("notes://all"), rules: { resources: false } }],
    [
      "whose templates never meet",
      below("notes://{id}"),
      below("notes://{id}/{part}", "notes://{id}?q={q}", "n://{id}"),
    ],
    ["whose names are other numbers", tools("find_1_10"), tools("find_11_0")],
  ])("but takes them %s", (_what, one, other) => {
    expect(() => snapshotOf(gateOf(accepted("one", one), accepted("other", other)))).not.toThrow();
  });

  it("of one name", async () => {
    const twins = [accepted("crm", tools("send")), accepted("crm", tools("post"))];
    await expect(openGate(gateOf(...twins))).rejects.toThrow(/"crm".*two domains have this name/);
  });

  it("one of which has a tool that the team has, or the gate itself", async () => {
    const own = defineDomain("own", { owner: "o", purpose: "p", concern: "c" });
    own.read("send_mail", { description: "Sends a mail.", input: { type: "object", properties: {} }, run: () => ({}) });
    const mail = accepted("mail", tools("sendMail"));
    await expect(openGate(gateOf(own, mail))).rejects.toThrow(/reads like "send_mail" of domain "own".*prefix/s);
    const keys = gateOf(accepted("keys-of-others", tools("create-key")));
    await expect(openGate(keys)).rejects.toThrow(/"create_key": its name reads like "create-key".*prefix/s);
  });
});

describe("[G2] servers at their first start (SECURITY 22)", () => {
  let servers: readonly ServedOffering[];
  beforeAll(async () => {
    const listed = { uri: "notes://ann", name: "ann" };
    servers = await Promise.all([
      serveOffering({ name: "one", ...tools("send_mail", "find_1_10"), ...below("notes://{id}") }),
      serveOffering({ name: "other", ...tools("send_rnail", "find_11_0"), resources: [listed] }),
    ]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  const both = (rules: UpstreamRules = {}) =>
    ["one", "other"].map((name, number) =>
      upstream(name, {
        url: `${servers[number]?.url}`,
        lockFile: join(folder, "callgate.lock.json"),
        reads: ["*"],
        ...rules,
      }),
    );

  it("have a name that looks like another's held back, at that start and at the next, and another number served", async () => {
    for (const _start of [1, 2]) {
      await using gate = await openTestGate(both(), { folder });
      expect([...(await gate.as("ann").tools()).keys()]).toEqual(["find_1_10", "send_mail", "find_11_0"]);
    }
    expect(readFileSync(join(folder, "callgate.lock.json"), "utf8")).not.toContain("send_rnail");
  });

  it("have it served under a name of its own: what counts is what a model reads", async () => {
    const [one, other] = [both()[0], both({ prefix: "other_" })[1]];
    await using gate = await openTestGate(
      [one, other].filter((domain) => domain !== undefined),
      { folder },
    );
    expect([...(await gate.as("ann").tools()).keys()]).toContain("other_send_rnail");
  });

  it("have read what they list themselves, whatever template of another would take it in", async () => {
    await using gate = await openTestGate(both(), { folder });
    const read = async (uri: string) =>
      JSON.stringify((await gate.as("ann").request("resources/read", { uri })).result);
    expect(await read("notes://ann")).toContain("other at notes://ann");
    expect(await read("notes://bob")).toContain("one at notes://bob");
  });

  it("have nothing of another read there by who is not shown it, nor subscribed to", async () => {
    const [one, other] = [both()[0], both({ scope: "notes:all" })[1]] as [AnyDomain, AnyDomain];
    await using gate = await openTestGate([one, other], { folder });
    const read = (who: string) => gate.as(who).request("resources/read", { uri: "notes://ann" });
    expect(JSON.stringify((await read("ann")).result)).toContain("other at notes://ann");
    expect((await read("clerk:cora")).answer).toMatchObject({ kind: "error", code: -32_602 });
    const resourceSubscriptions = ["notes://ann", "notes://bob"];
    const wanted = { toolsListChanged: false, promptsListChanged: false, resourcesListChanged: false };
    const stream = gate.as("clerk:cora").exchange("subscriptions/listen", {});
    const sink = { emit: () => {}, end: () => {} };
    const opened = await gate.gate.host.listen(stream, { ...wanted, resourceSubscriptions }, sink);
    expect(opened).toMatchObject({ honoured: { resourceSubscriptions: ["notes://bob"] } });
  });

  it("have what they give named by what was asked for, or by an address of their own, never by another's", async () => {
    const uris = ["notes://ann", "elsewhere://bob", 7, "notes://bob/part", "notes://carl"];
    const contents = uris.map((uri, at) => ({ uri, text: `part ${at}` }));
    servers[0]?.offer({ name: "one", ...tools("send_mail", "find_1_10"), ...below("notes://{id}"), contents });
    await using gate = await openTestGate(both(), { folder });
    const { result } = await gate.as("ann").request("resources/read", { uri: "notes://bob" });
    const named = [...Array.from({ length: 3 }, () => "notes://bob"), "notes://bob/part", "notes://carl"];
    expect(result?.["contents"]).toEqual(named.map((uri, at) => ({ uri, text: `part ${at}` })));
  });
});
