import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FlagSource, fileFlags } from "../define/flags.ts";
import type { GateConfig } from "../define/gate-config.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import type { Reply } from "../gate/testing/test-caller.ts";
import { createMemoryTransport } from "../transports/memory.ts";
import { bridge2025 } from "../wire/bridge-2025/load-bridge.ts";
import { flagd, flagFor, flagForShare, type Targeting } from "./testing/flagd.ts";
import { flaggedDomains } from "./testing/flagged-domains.ts";

let folder: string;
let path: string;
let gates: TestGate[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-rollout-"));
  path = join(folder, "flags.json");
  gates = [];
});
afterEach(async () => {
  for (const gate of gates) await gate.close();
  await rm(folder, { recursive: true });
});

async function open(rollout: FlagSource, config: Partial<GateConfig> = {}): Promise<TestGate> {
  const gate = await openTestGate(flaggedDomains(), { config: { ...config, rollout } });
  gates.push(gate);
  return gate;
}

type Rules = Readonly<Record<"search" | "reports", boolean | Targeting>>;
const write = (rules: Partial<Rules>): Promise<void> =>
  writeFile(path, flagd({ search: false, reports: false, ...rules }));

async function openFile(rules: Partial<Rules>, config: Partial<GateConfig> = {}): Promise<TestGate> {
  await write(rules);
  return open(fileFlags(path), config);
}

const toolsOf = async (gate: TestGate, credential?: string): Promise<readonly string[]> => [
  ...(await gate.as(credential).tools()).keys(),
];
const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 30_000, interval: 20 });

const UNGOVERNED = ["get_stay", "call_search"];
const SEARCHED = ["get_stay", "search_stays", "call_search"];
const ALL = [...SEARCHED, "get_report", "search_reports"];

describe("a flag", () => {
  it("[B3] shows a tool to one engineer alone", async () => {
    const gate = await openFile({ search: flagFor("user", ["ann"]) });
    expect(await toolsOf(gate, "ann")).toEqual(SEARCHED);
    expect((await gate.as("ann").call("search_stays")).texts).toEqual(["found"]);
    expect(await toolsOf(gate, "ben")).toEqual(UNGOVERNED);
  });

  it.each([
    ["role", flagFor("role", ["all"]), { inside: ["ann", "ben", "agent:ann"], outside: ["clerk:ann"] }],
    ["kind", flagFor("kind", ["agent"]), { inside: ["agent:ann", "agent:ben"], outside: ["ann"] }],
    ["team", flagFor("attributes.team", ["stays"]), { inside: ["of:stays"], outside: ["of:sales", "ann"] }],
    ["tenant", flagFor("tenant", ["stays"]), { inside: ["of:stays"], outside: ["of:sales", "ann"] }],
  ])("[B3] shows a tool to a team, by %s", async (_what, rule, { inside, outside }) => {
    const gate = await openFile({ search: rule }, { callers: withTeams });
    for (const each of inside) expect(await toolsOf(gate, each)).toContain("search_stays");
    for (const each of outside) expect(await toolsOf(gate, each)).not.toContain("search_stays");
  });

  it("[B3] shows a tool to a share of callers, who stay the same", async () => {
    const gate = await openFile({ search: flagForShare(25) }, { limits: { rate: "100000/s", inFlight: 4_000 } });
    const callers = Array.from({ length: 2_000 }, (_, at) => `caller-${at}`);
    const those = async (wanted: readonly string[]): Promise<readonly string[]> => {
      const seen = await Promise.all(wanted.map(async (each) => (await toolsOf(gate, each)).includes("search_stays")));
      return wanted.filter((_, at) => seen[at]);
    };
    const first = await those(callers);
    // Chance alone moves it by 19 (one sigma).
    expect(Math.abs(first.length - 500)).toBeLessThan(100);
    await write({ search: flagForShare(25), reports: true });
    await until(async () => expect(await toolsOf(gate, "caller-0")).toContain("get_report"));
    expect(await those(callers)).toEqual(first);
    await write({ search: flagForShare(50) });
    await until(async () => expect(await toolsOf(gate, "caller-0")).not.toContain("get_report"));
    const more = await those(callers);
    expect(Math.abs(more.length - 1_000)).toBeLessThan(120);
    expect(first.filter((each) => !more.includes(each))).toEqual([]);
  });

  it("[B3] shows what it governs to everybody, of a domain all that has no other flag", async () => {
    const gate = await openFile({ search: true, reports: true });
    expect(await toolsOf(gate, "ann")).toEqual(ALL);
    const reportsAlone = await openFile({ reports: true });
    expect(await toolsOf(reportsAlone, "ann")).toEqual([...UNGOVERNED, "get_report"]);
    const searchAlone = await openFile({ search: true });
    expect(await toolsOf(searchAlone, "ann")).toEqual(SEARCHED);
  });

  it("[B3] gives nobody what scopes or modes withhold", async () => {
    const gate = await openFile({ search: true, reports: true }, { callers: { anonymous: { mode: "strangers" } } });
    expect(await toolsOf(gate)).toEqual(["get_stay", "search_stays"]);
  });

  it("[B3] governs strangers as one caller", async () => {
    const gate = await openFile(
      { search: flagFor("kind", ["person"]) },
      { callers: { anonymous: { mode: "strangers" } } },
    );
    expect(await toolsOf(gate)).toEqual(["get_stay"]);
    await write({ search: flagFor("targetingKey", ["anonymous"]) });
    await until(async () => expect(await toolsOf(gate)).toEqual(["get_stay", "search_stays"]));
  });
});

const withTeams: GateConfig["callers"] = {
  authenticate: [
    ({ bearer = "" }) => {
      const [prefix = "", name = prefix] = bearer.split(":");
      if (prefix === "of") return { kind: "person", user: "cy", role: "all", tenant: name, attributes: { team: name } };
      if (prefix === "agent") return { kind: "agent", user: name, agent: "bot", role: "all" };
      return { kind: "person", user: name, role: prefix === "clerk" ? "clerk" : "all" };
    },
  ],
  roles: { all: { modes: ["desk"], scopes: ["*"] }, clerk: { modes: ["desk"], scopes: ["*"] } },
};

describe("what is not rolled out to a caller", () => {
  const withoutId = (reply: Reply, name: string): string =>
    JSON.stringify(reply.answer)
      .replaceAll(/call_[0-9a-f]+/g, "CALL")
      .replaceAll(name, "NAME");

  it("[C2] [B3] answers as what does not exist, byte for byte (SECURITY 1)", async () => {
    const gate = await openFile({});
    const ann = gate.as("ann");
    for (const name of ["search_stays", "get_report", "search_reports"]) {
      for (const input of [{}, { dry_run: true }, { cursor: "x" }, { nonsense: 1 }])
        expect(withoutId(await ann.call(name, input), name)).toBe(
          withoutId(await ann.call("no_such_tool", input), "no_such_tool"),
        );
    }
    const asked = async (method: string, params: Record<string, unknown>, name: string): Promise<string> =>
      withoutId(await ann.request(method, params), name);
    expect(await asked("resources/read", { uri: "stays://rules" }, "stays://rules")).toBe(
      await asked("resources/read", { uri: "stays://other" }, "stays://other"),
    );
    expect(await asked("prompts/get", { name: "plan_trip" }, "plan_trip")).toBe(
      await asked("prompts/get", { name: "other_one" }, "other_one"),
    );
    for (const list of ["resources", "prompts"])
      expect((await ann.request(`${list}/list`, {})).result).toMatchObject({ [list]: [] });
  });

  it("[C2] [B3] is reached by no tool of the same caller either", async () => {
    const gate = await openFile({ search: flagFor("user", ["ann"]) });
    expect((await gate.as("ann").call("call_search")).texts).toEqual(["found"]);
    expect((await gate.as("ben").call("call_search")).code).toBeDefined();
  });

  it("[C2] [B3] leaves a domain's endpoint and its riding credentials as of one that is not there", async () => {
    const gate = await openFile({ reports: flagFor("user", ["ann"]) }, { callers: riding });
    const at = async (credential: string, endpoint: string): Promise<unknown> =>
      (await gate.as(credential).request("tools/list", {}, { endpoint })).answer;
    expect(await at("ben", "reports")).toEqual(await at("ben", "nothing-like-it"));
    expect(await at("ben", "reports")).toMatchObject({ httpStatus: 404 });
    expect([...(await gate.as("ann").tools("reports")).keys()]).toEqual(["get_report"]);
    const ride = async (domain: string): Promise<unknown> =>
      (await gate.as(`ben::${domain}=x`).request("tools/list", {})).answer;
    expect(await ride("reports")).toEqual(await ride("nothing-like-it"));
    expect((await gate.as("ann::reports=mine").call("get_report")).texts).toEqual(["mine"]);
  });
});

const riding: GateConfig["callers"] = {
  authenticate: [({ bearer = "" }) => ({ kind: "person", user: bearer, scopes: ["*"] })],
};

describe("a change of the flags", () => {
  it("[B3] holds for lists and calls at once, and open subscriptions hear of it", async () => {
    const gate = await openFile({ search: true });
    const heard: string[] = [];
    const opened = await gate.gate.host.listen(gate.as("ann").exchange("subscriptions/listen", {}), everything, {
      emit: ({ method }) => void heard.push(method),
      end: () => void heard.push("end"),
    });
    expect(opened).toMatchObject({ honoured: { resourceSubscriptions: ["stays://rules"] } });
    gate.gate.publish(rulesUpdated);
    await until(() => expect(heard).toEqual([rulesUpdated.method]));
    await write({ search: false });
    await until(() => expect(heard).toHaveLength(4));
    expect(heard.slice(1)).toEqual(
      ["tools", "resources", "prompts"].map((list) => `notifications/${list}/list_changed`),
    );
    expect(await toolsOf(gate, "ann")).toEqual(UNGOVERNED);
    expect((await gate.as("ann").call("search_stays")).code).toBe("unknown_tool");
    gate.gate.publish(rulesUpdated);
    gate.gate.publish({ method: "notifications/tools/list_changed", params: {} });
    await until(() => expect(heard).toHaveLength(5));
    expect(heard.at(-1)).toBe("notifications/tools/list_changed");
  });

  it("[B3] ends the subscriptions at a domain that is hidden by it", async () => {
    const gate = await openFile({ reports: true });
    const heard: string[] = [];
    const exchange = gate.as("ann").exchange("subscriptions/listen", {}, { endpoint: "reports" });
    await gate.gate.host.listen(
      exchange,
      { ...everything, resourceSubscriptions: [] },
      {
        emit: ({ method }) => void heard.push(method),
        end: () => void heard.push("end"),
      },
    );
    await write({ reports: false });
    await until(() => expect(heard).toEqual(["end"]));
  });

  it.each([
    ["2026", { mode: "auto" } as const],
    ["2025", { mode: "legacy" } as const],
  ])("[B3] reaches a client of %s, which lists anew", async (_era, versionNegotiation) => {
    const gate = await openFile({});
    const listed: (readonly string[])[] = [];
    const client = new Client(
      { name: "official", version: "2" },
      {
        versionNegotiation,
        listChanged: {
          tools: { onChanged: (_error, tools) => void listed.push((tools ?? []).map(({ name }) => name)) },
        },
      },
    );
    await client.connect(createMemoryTransport({ host: gate.gate.host, key: "ann", legacy: bridge2025(gate.gate) }));
    try {
      const names = async (): Promise<readonly string[]> => (await client.listTools()).tools.map(({ name }) => name);
      expect(await names()).toEqual(UNGOVERNED);
      await expect(client.callTool({ name: "search_stays", arguments: {} })).rejects.toMatchObject({ code: -32_602 });
      await write({ search: true });
      await until(() => expect(listed.at(-1)).toEqual(SEARCHED));
      expect(await client.callTool({ name: "search_stays", arguments: {} })).toMatchObject({
        content: [{ type: "text", text: "found" }],
      });
    } finally {
      await client.close();
    }
  });
});

const everything = {
  toolsListChanged: true,
  promptsListChanged: true,
  resourcesListChanged: true,
  resourceSubscriptions: ["stays://rules"],
};
const rulesUpdated = { method: "notifications/resources/updated", params: { uri: "stays://rules" } };
