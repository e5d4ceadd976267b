import {
  InMemoryProvider,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
} from "@openfeature/server-sdk";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { strangerSubject } from "../callers/build-subject.ts";
import { type AnyDomain, defineDomain } from "../define/domain.ts";
import type { FlagSource } from "../define/flags.ts";
import { fileFlags } from "../define/flags.ts";
import { openTestGate, type TestGate, type TestGateOptions } from "../gate/testing/open-test-gate.ts";
import { Rollout } from "./rollout.ts";
import { flaggedDomains } from "./testing/flagged-domains.ts";

const gates: TestGate[] = [];
afterEach(async () => {
  for (const gate of gates.splice(0)) await gate.close();
});

async function open(rollout: FlagSource, options: TestGateOptions = {}): Promise<TestGate> {
  const gate = await openTestGate(flaggedDomains(), { ...options, config: { ...options.config, rollout } });
  gates.push(gate);
  return gate;
}

const toolsOf = async (gate: TestGate, credential = "ann"): Promise<readonly string[]> => [
  ...(await gate.as(credential).tools()).keys(),
];
const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 30_000, interval: 10 });

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const UNGOVERNED = ["get_stay", "call_search"];
const SEARCHED = ["get_stay", "search_stays", "call_search"];
const variants = { on: true, off: false };
const flag = (defaultVariant: "on" | "off") => ({ variants, defaultVariant, disabled: false });

/** A provider that answers by a function, and is told of by events. */
class Answering implements Provider {
  readonly metadata = { name: "answering" };
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  readonly asked: string[] = [];
  answer: (flag: string) => unknown;

  constructor(answer: (flag: string) => unknown) {
    this.answer = answer;
  }

  async resolveBooleanEvaluation(name: string): Promise<ResolutionDetails<boolean>> {
    this.asked.push(name);
    return (await this.answer(name)) as ResolutionDetails<boolean>;
  }

  resolveStringEvaluation(): never {
    throw new Error("only booleans");
  }

  resolveNumberEvaluation(): never {
    throw new Error("only booleans");
  }

  resolveObjectEvaluation(): never {
    throw new Error("only booleans");
  }
}

test("[B3] any OpenFeature provider decides, and tells of its changes", async () => {
  const provider = new InMemoryProvider({
    search: { ...flag("off"), contextEvaluator: ({ user }) => (user === "ann" ? "on" : "off") },
    reports: flag("off"),
  });
  const gate = await open(provider);
  expect(await toolsOf(gate)).toEqual(SEARCHED);
  expect(await toolsOf(gate, "ben")).toEqual(UNGOVERNED);
  provider.putConfiguration({ search: flag("on"), reports: flag("on") });
  await until(async () => expect(await toolsOf(gate, "ben")).toEqual([...SEARCHED, "get_report", "search_reports"]));
});

test('[B3] by "off" nothing is rolled out to anybody', async () => {
  expect(await toolsOf(await open("off"))).toEqual(UNGOVERNED);
});

describe("a provider that fails leaves what it governs hidden, says so, and nothing else", () => {
  const broken: Record<string, () => unknown> = {
    throws: () => {
      throw new Error("no flags today");
    },
    rejects: () => Promise.reject(new Error("no flags today")),
    hangs: () => new Promise(() => {}),
    "answers nothing": () => undefined,
    "answers a text": () => ({ value: "true" }),
    "answers a number": () => ({ value: 1 }),
    "answers an object": () => ({ value: { on: true } }),
    "answers true by mistake": () => ({ value: true, errorCode: "GENERAL" }),
    "does not know the flag": () => ({ value: false, errorCode: "FLAG_NOT_FOUND" }),
  };

  it.each(Object.keys(broken))("[C2] [B3] when it %s (SECURITY 3)", async (how) => {
    const gate = await open(new Answering((name) => (name === "reports" ? { value: true } : broken[how]?.())));
    expect(await toolsOf(gate)).toEqual([...UNGOVERNED, "get_report"]);
    expect((await gate.as("ann").call("search_stays")).code).toBe("unknown_tool");
    expect((await gate.as("ann").call("get_stay")).texts).toEqual(["a stay"]);
    expect(gate.logged.filter(({ level }) => level === "error")[0]?.message).toMatch(/the flag "search"/);
  });

  it("says so once a second, however many callers there are", async () => {
    const gate = await open(new Answering(() => Promise.reject(new Error("no flags today"))), { clock: () => 1_000 });
    await Promise.all(Array.from({ length: 50 }, (_, at) => toolsOf(gate, `caller-${at}`)));
    expect(gate.logged.filter(({ message }) => message === 'the flag "search" failed')).toHaveLength(1);
  });

  it("is asked again after a second, and then decides again", async () => {
    let now = 1_000_000;
    const provider = new Answering(() => Promise.reject(new Error("no flags today")));
    const gate = await open(provider, { clock: () => now });
    expect(await toolsOf(gate)).toEqual(UNGOVERNED);
    provider.answer = () => ({ value: true });
    expect(await toolsOf(gate)).toEqual(UNGOVERNED);
    now += 1_000;
    expect(await toolsOf(gate)).toContain("search_stays");
  });
});

describe("answers", () => {
  it("are kept for each caller for five seconds, whatever is called", async () => {
    let now = 1_000_000;
    const provider = new Answering(() => ({ value: true }));
    const gate = await open(provider, { clock: () => now });
    await Promise.all([toolsOf(gate), toolsOf(gate), gate.call("search_stays"), gate.call("call_search")]);
    expect(provider.asked).toEqual(["search", "reports"]);
    await toolsOf(gate, "ben");
    expect(provider.asked).toHaveLength(4);
    provider.answer = () => ({ value: false });
    now += 4_999;
    expect(await toolsOf(gate)).toContain("search_stays");
    now += 1;
    expect(await toolsOf(gate)).toEqual(UNGOVERNED);
  });

  it("to a question that a change has overtaken are not kept", async () => {
    const answers: ((details: unknown) => void)[] = [];
    const provider = new Answering(() => new Promise((resolve) => answers.push(resolve)));
    const gate = await open(provider, { config: { callers: { anonymous: { mode: "strangers" } } } });
    // A stranger is the same subject at every call.
    const stranger = async (): Promise<readonly string[]> => [...(await gate.as(undefined).tools()).keys()];
    const overtaken = stranger();
    await until(() => expect(answers).toHaveLength(2));
    provider.events.emit(ProviderEvents.ConfigurationChanged);
    provider.answer = () => ({ value: false });
    for (const answer of answers) answer({ value: true });
    expect(await overtaken).toEqual(["get_stay", "search_stays"]);
    expect(await stranger()).toEqual(["get_stay"]);
  });

  it("that are known come at once, and as one subject", async () => {
    const flags = ["search", "reports"];
    const source = new Answering((name) => ({ value: name === "search" }));
    const rollout = new Rollout({ source, flags, clock: () => 1, log: silent, onChange: () => {} });
    await rollout.start();
    const ann = strangerSubject({ anonymous: { mode: "strangers" } });
    const first = await rollout.rollOut(ann);
    expect(first).toEqual({ ...ann, flags: ["search"] });
    expect(rollout.rollOut(ann)).toBe(first);
    expect(rollout.rollOut({ ...ann })).toEqual(first);
    await rollout.close();
  });

  it("of another role of the same person are asked for anew", async () => {
    const provider = new Answering(() => ({ value: true }));
    const gate = await open(provider);
    await toolsOf(gate, "ann");
    await toolsOf(gate, "clerk:ann");
    expect(provider.asked).toHaveLength(4);
  });
});

describe("the start", () => {
  it("waits for a provider that needs its time, and closes it in the end", async () => {
    const steps: string[] = [];
    const provider = Object.assign(new Answering(() => ({ value: true })), {
      initialize: () => new Promise<void>((resolve) => setImmediate(() => resolve(void steps.push("ready")))),
      onClose: () => Promise.resolve(void steps.push("closed")),
    });
    const gate = await open(provider);
    expect(steps).toEqual(["ready"]);
    await gate.close();
    gates.pop();
    expect(steps).toEqual(["ready", "closed"]);
  });

  it("goes on without a provider that is not ready, which decides once it is", async () => {
    const provider = Object.assign(new Answering(() => Promise.reject(new Error("not ready"))), {
      initialize: () => Promise.reject(new Error("connection refused")),
    });
    const gate = await open(provider);
    expect(gate.logged.map(({ message }) => message).join()).toContain("not ready");
    expect(await toolsOf(gate)).toEqual(UNGOVERNED);
    provider.answer = () => ({ value: true });
    provider.events.emit(ProviderEvents.Ready);
    expect(await toolsOf(gate)).toContain("search_stays");
  });

  it("is refused by a provider that never will be, and by a file that is not there, with the reason", async () => {
    const never = Object.assign(new Answering(() => ({ value: true })), {
      initialize: () => Promise.reject(new ProviderFatalError("the project is gone")),
    });
    await expect(open(never)).rejects.toMatchObject({ name: "BootError", message: "the project is gone" });
    await expect(open(fileFlags("nowhere/flags.json"))).rejects.toMatchObject({
      name: "BootError",
      message: expect.stringMatching(/nowhere\/flags\.json.*ENOENT/),
    });
  });

  it("is refused where flags are declared that nothing decides, or that have no name", async () => {
    const [stays, reports] = flaggedDomains() as [AnyDomain, AnyDomain];
    await expect(openTestGate([stays])).rejects.toThrow(/tool "search_stays".*by the flag "search".*fileFlags/);
    await expect(openTestGate([reports])).rejects.toThrow(/^domain "reports": it is rolled out by the flag "reports"/);
    const nameless = defineDomain("nameless", { owner: "o", purpose: "p", concern: "c", rollout: "" });
    nameless.prompt({ name: "plan_trip", get: () => "Plan a trip." });
    await expect(openTestGate([nameless], { config: { rollout: "off" } })).rejects.toThrow(
      /its rollout is "".*key of a flag/,
    );
  });
});
