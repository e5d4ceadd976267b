import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DefinitionError } from "../../define/definition-error.ts";
import { type AnyDomain, defineDomain } from "../../define/domain.ts";
import { apiKeys, type GateConfig } from "../../define/gate-config.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { createRegistry } from "../served/registry.ts";

const about = { owner: "o", purpose: "p", concern: "c" };
const common = { description: "Does a thing by its id.", input: z.object({ id: z.string() }) };
const good = { name: "g", domains: [], callers: {}, store: sqlite("never-opened/gate.db") };

/** Whatever is given is typed as wrongly as an author without TypeScript may write it. */
function gateOf(said: object, ...domains: AnyDomain[]): () => void {
  const config = { ...good, domains, ...said } as GateConfig;
  return () => createRegistry(config, domains, { clock: Date.now, limiters: localLimiters(Date.now) });
}

function read(declaration: object): () => void {
  const domain = defineDomain("things", about);
  domain.read("do_thing", Object.assign({ ...common, run: () => ({}) }, declaration));
  return gateOf({}, domain);
}

function write(declaration: object): () => void {
  const domain = defineDomain("things", about);
  const functions = { plan: () => ({ preview: {} }), commit: () => ({}) };
  domain.write("do_thing", Object.assign({ ...common, ...functions }, declaration));
  return gateOf({}, domain);
}

describe("a tool's setting that holds what it may not is refused, with the place, the value and what is allowed", () => {
  const LEVELS = "Use one of none, client, owner, operator, two.";
  it.each([
    ["an impact", write({ impact: "hgh" }), 'its impact is "hgh". Use one of normal, high.'],
    ["an impact in other letters", write({ impact: "High" }), 'its impact is "High". Use one of normal, high.'],
    ["an impact that is nothing", write({ impact: null }), "its impact is null. Use one of normal, high."],
    ["an approval", write({ approval: "ownr" }), `its approval is "ownr". ${LEVELS}`],
    ["an approval that is no word", write({ approval: false }), `its approval is false. ${LEVELS}`],
    ["an approval that is nothing", write({ approval: null }), `its approval is null. ${LEVELS}`],
    ["an approval's level", write({ approval: { level: "bos" } }), `its approval.level is "bos". ${LEVELS}`],
    ["an approval's rules", write({ approval: { rules: "plan.n > 1" } }), 'its approval.rules is "plan.n > 1".'],
    ["an equal call", write({ repeat: "alow" }), 'its repeat is "alow". Use one of ask, allow.'],
    ["modes", read({ modes: "desk" }), 'its modes is "desk". Give a list of texts: ["desk"].'],
    ["kinds", read({ kinds: ["agnt"] }), 'its kinds is ["agnt"]. Use a list of person, agent, client'],
    ["a scope", read({ scope: ["a:read"] }), 'its scope is ["a:read"]. Give a text'],
    ["a rate", read({ rate: 60 }), "its rate is 60. Write calls per time"],
    ["a timeout", read({ timeoutMs: "5000" }), 'its timeoutMs is "5000". Use a whole number from 1 to 2147483647.'],
    ["a version", read({ version: "2" }), 'its version is "2". Use a whole number'],
    ["former names", read({ renamed: { from: "x" } }), 'its renamed.from is "x". Give a list of texts'],
    ["a guard", read({ guard: true }), "its guard is true. Give a function."],
    ["long work", read({ longRunning: "yes" }), 'its longRunning is "yes". Use true, false, or an object'],
    [
      "long work's retry",
      read({ longRunning: { retry: "no" } }),
      'its longRunning.retry is "no". Use one of safe, never.',
    ],
    ["long work's clients", read({ longRunning: { clients: "all" } }), "Use one of any, with_tasks."],
    ["a schedule", read({ longRunning: { schedule: { crn: "" } } }), 'it has a field "crn"'],
  ])("[T1] %s", (_what, build, words) => {
    expect(build).toThrow(DefinitionError);
    expect(build).toThrow(words);
    expect(build).toThrow(/domain "things", tool "do_thing": /);
  });

  it.each([
    [{ endpoint: "onw" }, 'domain "things": its endpoint is "onw". Use one of shared, own.'],
    [{ endpont: "own" }, 'Did you mean "endpoint"?'],
    [{ backend: { start: () => ({}), required: "no" } }, 'its backend.required is "no". Use true or false.'],
    [{ backend: {} }, "its backend is an object. Give it what opens it"],
  ])("[T1] of a domain: %o", (said, words) => {
    expect(gateOf({}, defineDomain("things", { ...about, ...(said as object) }))).toThrow(words);
  });
});

describe("a gate's setting that holds what it may not, or is missing", () => {
  it.each([
    ["no name", { name: undefined }, 'setting "defineGate": it has no name. Give it one: name: "rentals".'],
    ["no domains", { domains: undefined }, 'gate "g": it has no domains. List what defineDomain'],
    ["no callers", { callers: undefined }, 'gate "g": it has no callers. Say who may call'],
    ["no store", { store: undefined }, 'gate "g": it has no store. Say where it is kept'],
    ["one domain", { domains: defineDomain("things", about) }, "its domains is an object. List what"],
    ["a store that is a path", { store: "x.db" }, 'its store is "x.db". Say where it is kept'],
    ["a store's address", { store: "postgres://ann:hunter2@db/gate" }, "[masked]"],
    ["one authenticator", { callers: { authenticate: apiKeys() } }, "its authenticate is an object. Use a list"],
    ["graduation", { graduation: "of" }, 'its graduation is "of". Use one of required, off.'],
    ["a reason", { reason: true }, "its reason is true. Use one of optional, required, off."],
    ["limits", { limits: "600/min" }, 'its limits is "600/min". Write it as an object'],
    ["who searches", { catalogue: { searchAbove: 1, kinds: ["agnt"] } }, 'its kinds is ["agnt"]. Use a list of person'],
    ["from when on one searches", { catalogue: {} }, 'setting "catalogue": it has no searchAbove.'],
    [
      "a role",
      { callers: { roles: { desk: { modes: "desk", scopes: [] } } } },
      '"callers.roles.desk": its modes is "desk"',
    ],
    ["a role's scopes", { callers: { roles: { desk: {} } } }, '"callers.roles.desk": it has no scopes.'],
    ["strangers", { callers: { anonymous: {} } }, '"callers.anonymous": it has no mode. Name the mode'],
    ["a kind of local user", { callers: { local: { kind: "human", user: "ann" } } }, "Use one of person, agent."],
    ["no local user", { callers: { local: { kind: "person" } } }, '"callers.local": it has no user.'],
    ["an address", { server: { publicUrl: "tools.example.com" } }, "Write it whole: https://tools.example.com."],
    ["an expiry", { approvals: { expiresMinutes: "60" } }, 'its expiresMinutes is "60". Use whole minutes'],
    [
      "a severity",
      { check: { rules: { "steering-text": "eror" } } },
      'its steering-text is "eror". Use one of off, note, warning, error.',
    ],
    ["a budget", { check: { listTokens: "x" } }, 'setting "check": its listTokens is "x". Use a whole number'],
    ["a likeness", { check: { likeness: 62 } }, "its likeness is 62. Use a number from 0 to 1."],
    ["a reason to pass a rule over", { check: { allow: { things: { overlap: true } } } }, "its overlap is true."],
  ])("[T1] %s", (_what, said, words) => {
    expect(gateOf(said)).toThrow(DefinitionError);
    expect(gateOf(said)).toThrow(words);
    expect(gateOf(said)).not.toThrow("hunter2");
  });

  it("[T1] a local user's role that there is not", () => {
    const local = { kind: "person", user: "ann", role: "tem" };
    const build = gateOf({ callers: { local, roles: { team: { scopes: ["*"] } } } });
    expect(build).toThrow('setting "callers.local": there is no role "tem". Roles: team.');
    expect(gateOf({ callers: { local } })).toThrow("This gate has no roles: give scopes.");
  });
});
