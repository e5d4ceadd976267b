import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { InputRequest, InputResponse } from "../define/input-required.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { type ConnectStdioOptions, connectStdio } from "./connect-stdio.ts";
import type {
  RequestOptions,
  UpstreamAnswer,
  UpstreamChange,
  UpstreamConnection,
  UpstreamMethod,
} from "./connection.ts";
import { requestOptions, soon } from "./testing/request-options.ts";
import { silentLog } from "./testing/silent-log.ts";

const require = createRequire(import.meta.url);
const everything = join(
  dirname(require.resolve("@modelcontextprotocol/server-everything/package.json")),
  "dist/index.js",
);
const today = fileURLToPath(new URL("testing/serve-stdio.ts", import.meta.url));
const open: UpstreamConnection[] = [];
afterEach(() => Promise.all(open.splice(0).map((connection) => connection.close())));

function connect(script: string, more: Partial<ConnectStdioOptions> = {}): UpstreamConnection {
  const connection = connectStdio({
    name: "child",
    command: process.execPath,
    args: [script],
    log: silentLog,
    ...more,
  });
  open.push(connection);
  return connection;
}

/** What a client answers that can be asked everything. */
function answerTo({ method }: InputRequest): InputResponse {
  if (method === "roots/list") return { roots: [{ uri: "file:///srv", name: "srv" }] };
  if (method === "elicitation/create")
    return { action: "accept", content: { name: "Ann", interpretation: "technical" } };
  return { role: "assistant", model: "a model", content: { type: "text", text: "sampled words" } };
}

interface Asked {
  readonly method?: UpstreamMethod;
  readonly params: JsonObject;
  readonly more?: Partial<RequestOptions> & { who?: string };
}

/** Goes through all rounds; gives the result, and what was asked on the way. */
async function inRounds(
  connection: UpstreamConnection,
  { method = "tools/call", params, more = {} }: Asked,
): Promise<{ result: JsonObject; asked: string[] }> {
  const asked: string[] = [];
  let round: Partial<RequestOptions> = {};
  for (;;) {
    const options = requestOptions({ canAsk: () => true, ...more, ...round });
    const answer: UpstreamAnswer = await connection.request(method, params, options);
    if (answer.kind === "result") return { result: answer.result, asked };
    asked.push(...Object.values(answer.requests).map((request) => request.method));
    const responses = Object.entries(answer.requests).map(([key, request]) => [key, answerTo(request)]);
    round = { state: answer.state, inputResponses: Object.fromEntries(responses) };
  }
}

describe("[G7] a server of today over stdio", () => {
  it("is found out, and says what it offers", async () => {
    const found = await connect(today).discover(soon());
    expect(found).toMatchObject({ revision: "2026-07-28", server: { name: "today" }, instructions: "Be kind." });
    expect(found.tools.map(({ name }) => name)).toContain("echo");
    expect(found.resources).toMatchObject([{ uri: "note://one" }]);
    expect(found.prompts).toMatchObject([{ name: "greet" }]);
  });

  it("answers calls, tells how far it is, asks, and is told when a call is given up", async () => {
    const connection = connect(today);
    const steps: unknown[] = [];
    const counting = { name: "steps", arguments: { count: 3 } };
    await inRounds(connection, { params: counting, more: { progress: (done) => steps.push(done) } });
    expect(steps).toEqual([1, 2, 3]);
    const { result, asked } = await inRounds(connection, { params: { name: "ask", arguments: {} } });
    expect(asked).toEqual(["elicitation/create"]);
    expect(result["content"]).toEqual([{ type: "text", text: "Ann, from round one" }]);
    const signal = AbortSignal.timeout(200);
    const endless = connection.request("tools/call", { name: "endless", arguments: {} }, requestOptions({ signal }));
    await expect(endless).rejects.toMatchObject({ fault: { kind: "timeout" } });
    const note = await inRounds(connection, { method: "resources/read", params: { uri: "note://one" } });
    expect(note.result["contents"]).toEqual([{ uri: "note://one", text: "a note" }]);
    const greeting = await inRounds(connection, {
      method: "prompts/get",
      params: { name: "greet", arguments: { name: "Ann" } },
    });
    expect(JSON.stringify(greeting.result)).toContain("Hello Ann");
  });
});

/** Arguments with which each tool of the reference server does something; `asks` is what it asks the client. */
const referenceTools: Readonly<Record<string, { args?: JsonObject; asks?: readonly string[]; says: string }>> = {
  echo: { args: { message: "hi" }, says: "Echo: hi" },
  "get-annotated-message": { args: { messageType: "success", includeImage: true }, says: "annotations" },
  "get-env": { says: "PATH" },
  "get-resource-links": { args: { count: 2 }, says: "resource_link" },
  "get-resource-reference": { args: { resourceType: "Text", resourceId: 1 }, says: "demo://resource/dynamic/text/1" },
  "get-roots-list": { says: "root" },
  "get-structured-content": { args: { location: "Chicago" }, says: "structuredContent" },
  "get-sum": { args: { a: 2, b: 3 }, says: "2 and 3 is 5" },
  "get-tiny-image": { says: "image/png" },
  "gzip-file-as-resource": {
    args: { name: "x.gz", data: "data:text/plain,hello", outputType: "resource" },
    says: "application/gzip",
  },
  "simulate-research-query": { args: { topic: "bees", ambiguous: true }, asks: ["elicitation/create"], says: "bees" },
  "toggle-simulated-logging": { says: "logging" },
  "toggle-subscriber-updates": { says: "updates" },
  "trigger-elicitation-request": { asks: ["elicitation/create"], says: "Name: Ann" },
  "trigger-long-running-operation": { args: { duration: 0.2, steps: 2 }, says: "completed" },
  "trigger-sampling-request": {
    args: { prompt: "say", maxTokens: 10 },
    asks: ["sampling/createMessage"],
    says: "sampled words",
  },
  "trigger-url-elicitation": {
    args: { url: "https://example.org/form" },
    asks: ["elicitation/create"],
    says: "accept",
  },
};

describe("[G1] the reference server over stdio", () => {
  it("does all that it can, through the gate's connection", { timeout: 120_000 }, async () => {
    const connection = connect(everything);
    const found = await connection.discover(soon());
    expect(found).toMatchObject({ revision: "2025-11-25", server: { name: "mcp-servers/everything" } });
    expect(new Set(found.tools.map(({ name }) => name))).toEqual(new Set(Object.keys(referenceTools)));
    for (const [name, { args = {}, asks = [], says }] of Object.entries(referenceTools)) {
      const { result, asked } = await inRounds(connection, { params: { name, arguments: args } });
      expect(JSON.stringify(result), name).toContain(says);
      expect(asked, name).toEqual(asks);
    }
    for (const { uri } of found.resources) {
      const { result } = await inRounds(connection, { method: "resources/read", params: { uri } });
      expect(result["contents"]).toHaveLength(1);
    }
    const promptArguments: Record<string, JsonObject> = {
      "args-prompt": { city: "Oslo" },
      "completable-prompt": { department: "Engineering", name: "Alice" },
      "resource-prompt": { resourceType: "Text", resourceId: "1" },
    };
    for (const { name } of found.prompts) {
      const params = { name, arguments: promptArguments[String(name)] ?? {} };
      const { result } = await inRounds(connection, { method: "prompts/get", params });
      expect(result["messages"], String(name)).toBeDefined();
    }
    const params = {
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "department", value: "Eng" },
    };
    const { result } = await inRounds(connection, { method: "completion/complete", params });
    expect(result).toMatchObject({ completion: { values: ["Engineering"] } });
  });

  it("tells how far it is", async () => {
    const steps: number[] = [];
    const params = { name: "trigger-long-running-operation", arguments: { duration: 0.1, steps: 4 } };
    await inRounds(connect(everything), { params, more: { progress: (done) => steps.push(done) } });
    expect(steps).toEqual([1, 2, 3, 4]);
  });

  it("gives a question to nobody else than the caller whose call it is, though its transport does not say", async () => {
    const connection = connect(everything);
    const slow = { name: "trigger-long-running-operation", arguments: { duration: 1, steps: 1 } };
    const [asking, other] = await Promise.all([
      inRounds(connection, { params: { name: "trigger-elicitation-request", arguments: {} }, more: { who: "ann" } }),
      inRounds(connection, { params: slow, more: { who: "ben" } }),
    ]);
    expect(asking.asked).toEqual(["elicitation/create"]);
    expect(JSON.stringify(asking.result)).toContain("Name: Ann");
    expect(other.asked).toEqual([]);
  });
});

describe("[G7] an old server over stdio", () => {
  const keeper = fileURLToPath(new URL("testing/serve-legacy-stdio.ts", import.meta.url));
  const ask = async (connection: UpstreamConnection, name: string, who: string): Promise<unknown> => {
    const { result } = await inRounds(connection, { params: { name, arguments: {} }, more: { who } });
    return (result["content"] as readonly JsonObject[])[0]?.["text"];
  };

  it("hears of no roots, whatever the client has", async () => {
    expect(await ask(connect(keeper), "ask_roots", "ann")).toBe("");
  });

  it("hears of those of the only caller where that is wanted, and of none once there is another", async () => {
    const connection = connect(keeper, { roots: "of_the_only_call" });
    expect(await ask(connection, "ask_roots", "ann")).toBe("file:///srv");
    expect(await ask(connection, "kept_roots", "ann")).toBe("file:///srv");
    await expect.poll(() => ask(connection, "kept_roots", "ben")).toBe("");
    expect(await ask(connection, "ask_roots", "ann")).toBe("");
  });

  describe("asks for a call that was given up (SECURITY 11)", () => {
    interface Given {
      readonly others: string;
      readonly answered: boolean;
    }
    /** Ann's call is given up, and asks then, while another one waits; gives what that one was asked, and what came of it. */
    const askLate = async (connection: UpstreamConnection, { others, answered }: Given) => {
      await connection.health(soon());
      const controller = new AbortController();
      const late = { name: "ask_late", arguments: { answered } };
      const more = { who: "ann", canAsk: () => true, signal: controller.signal };
      const given = connection.request("tools/call", late, requestOptions(more));
      const other = inRounds(connection, { params: { name: "learnt", arguments: {} }, more: { who: others } });
      controller.abort(new Error("too long"));
      await expect(given).rejects.toMatchObject({ fault: { kind: "timeout" } });
      return other;
    };

    it("and another caller is not asked: neither then nor later, until it is answered", async () => {
      const connection = connect(keeper);
      const { asked, result } = await askLate(connection, { others: "ben", answered: false });
      expect(asked).toEqual([]);
      expect(JSON.stringify(result)).toContain("not clear for which call");
      expect(await ask(connection, "ask_name", "ben")).toContain("not clear for which call");
      expect(await ask(connection, "ask_name", "ann")).toBe("accept Ann");
    });

    it("and others are asked again once it is answered after all", async () => {
      const connection = connect(keeper);
      expect((await askLate(connection, { others: "ben", answered: true })).asked).toEqual([]);
      expect(await ask(connection, "ask_name", "ben")).toBe("accept Ann");
    });
  });

  it("that has ended is started for what is followed, and asked again to tell of it", async () => {
    const connection = connect(keeper);
    const changes: UpstreamChange[] = [];
    connection.onChange((change) => changes.push(change));
    await connection.health(soon());
    await connection.follow(new Set(["note://one"]));
    expect(await ask(connection, "watched", "ann")).toBe("note://one");
    await expect(ask(connection, "end", "ann")).rejects.toMatchObject({ fault: { kind: "unreachable" } });
    await expect
      .poll(() => changes)
      .toEqual([{ kind: "down" }, { kind: "up" }, { kind: "resource", uri: "note://one" }]);
    expect(await ask(connection, "watched", "ann")).toBe("note://one");
  });
});
