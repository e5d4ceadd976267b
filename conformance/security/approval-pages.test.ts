import { expect, test } from "vitest";
import { type AskingHouse, openHouse, type Pending } from "./asking-house.ts";
import { hiddenFields, type Seen } from "./page-visitor.ts";

interface People {
  readonly house: AskingHouse;
  readonly anna: string;
  /** May decide what others want done. */
  readonly boss: string;
  readonly agent: string;
  readonly annaKeyId: string;
  close(): PromiseLike<void>;
}

async function people(config: Parameters<typeof openHouse>[0] = {}): Promise<People> {
  const house = await openHouse(config);
  const { id, secret } = await house.keyFor({ kind: "person", name: "anna", role: "desk" });
  const boss = await house.keyFor({ kind: "person", name: "boss", role: "boss" });
  const agent = await house.keyFor({ kind: "agent", name: "helper", user: "anna", role: "desk" });
  const close = (): PromiseLike<void> => house[Symbol.asyncDispose]();
  return { house, anna: secret, annaKeyId: id, boss: boss.secret, agent: agent.secret, close };
}

async function stillWaits({ house, anna, boss }: People, { id }: Pending): Promise<void> {
  for (const key of [anna, boss])
    expect(await house.call(key, "get_approval", { approval_id: id })).toMatchObject({
      state: "awaiting",
      decisions: [],
    });
  expect(house.opened).toEqual([]);
}

test("a person signs in, reads what would happen, decides, and it happens once (SECURITY 17, 32)", async () => {
  const all = await people();
  const { house, anna, agent } = all;
  const asked = await house.ask(agent, { level: "owner", reason: "the <b>plumber</b> is here" });
  const visitor = house.visitor();
  const signedIn = await visitor.signIn(anna, asked.path);
  expect(signedIn).toMatchObject({ status: 303, headers: { location: asked.path } });
  const page = await visitor.get(asked.path);
  for (const words of [
    "Open door",
    "Door front",
    "the &lt;b&gt;plumber&lt;/b&gt; is here",
    "agent:helper@anna",
    "Approve",
  ])
    expect(page.words).toContain(words);
  expect((await visitor.decide(asked.path, "approve", { note: "let them in" })).status).toBe(303);
  const after = await visitor.get(asked.path);
  expect(after.words).toContain("It is done as soon as whoever asked calls again");
  expect(after.words).toContain("Approved by person:anna as owner");
  expect(house.opened).toEqual([]);
  expect(await asked.again()).toEqual({ opened: "front" });
  expect((await visitor.get(asked.path)).words).toContain("the approval is used up");
  expect(house.opened).toEqual(["front"]);
  const { records } = await house.call(all.boss, "search_audit", { tool: "decide_approval" });
  expect(records).toMatchObject([{ subject: "person:anna", outcome: "ok" }]);
  await all.close();
});

test("opening a link decides nothing, however it is opened (SECURITY 16, 32)", async () => {
  const all = await people();
  const { house, anna, agent } = all;
  const asked = await house.ask(agent, { level: "owner" });
  const visitor = house.visitor();
  await visitor.signIn(anna);
  const { token = "" } = hiddenFields((await visitor.get(asked.path)).text);
  const query = `?deed=approve&decision=approve&token=${encodeURIComponent(token)}`;
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
    await visitor.send([method, asked.path + query], {});
    await visitor.send([method, asked.path], { "sec-purpose": "prefetch", purpose: "prefetch" });
    await visitor.send([method, `${asked.path}/approve${query}`], {});
  }
  const head = await visitor.send(["HEAD", asked.path], {});
  expect(head).toMatchObject({ status: 200, text: "" });
  await stillWaits(all, asked);
  await all.close();
});

test("without a person's credential a page says nothing of a request, nor whether there is one (SECURITY 19, 32)", async () => {
  const all = await people();
  const { house, agent } = all;
  const asked = await house.ask(agent, { level: "owner", door: "vault", reason: "for the gold" });
  const none = `/approvals/apr_${"0".repeat(32)}`;
  const plain = ({ text }: Seen, path: string): string =>
    text.replaceAll(path, "<path>").replaceAll(/name="token" value="[^"]+"/g, "<token>");
  const stranger = house.visitor();
  const [theirs, nobodys] = [await stranger.get(asked.path), await stranger.get(none)];
  expect(theirs.status).toBe(200);
  expect(plain(theirs, asked.path)).toBe(plain(nobodys, none));
  expect(theirs.words).not.toMatch(/vault|gold|open_door|helper|anna/);
  // An agent's key opens no page, and the session of somebody else sees what a made-up link shows.
  expect(await house.visitor().signIn(agent)).toMatchObject({
    status: 403,
    words: expect.stringContaining("This key cannot decide approvals"),
  });
  const other = house.visitor();
  other.cookies.set("team", "carl");
  const [seen, made] = [await other.get(asked.path), await other.get(none)];
  expect(seen.status).toBe(404);
  expect(seen.text).toBe(made.text);
  expect((await other.get("/approvals")).words).toContain("Nothing waits for you.");
  await all.close();
});

test("a team's own session signs in too, and decides as that person (SECURITY 18)", async () => {
  const all = await people();
  const { house, agent } = all;
  const asked = await house.ask(agent, { level: "owner" });
  const anna = house.visitor();
  anna.cookies.set("team", "anna");
  expect((await anna.decide(asked.path, "deny", { note: "not today" })).status).toBe(303);
  expect((await anna.get(asked.path)).words).toContain("Denied by person:anna");
  expect(await asked.again()).toMatchObject({ code: "approval_denied" });
  await all.close();
});

test("a form of another page, another browser or another request decides nothing (SECURITY 32)", async () => {
  const all = await people();
  const { house, anna, agent } = all;
  const asked = await house.ask(agent, { level: "owner" });
  const other = await house.ask(agent, { level: "owner", door: "back" });
  const visitor = house.visitor();
  await visitor.signIn(anna);
  const fields: Record<string, string> = { ...hiddenFields((await visitor.get(asked.path)).text), deed: "approve" };
  const foreign = [
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "http://127.0.0.1:1" },
    { "content-type": "text/plain" },
    { "content-type": "application/json" },
  ];
  for (const headers of foreign)
    expect([headers, (await visitor.post(asked.path, fields, headers)).status]).toEqual([
      headers,
      expect.toSatisfy(isRefusal),
    ]);
  const neither = { "content-type": "application/x-www-form-urlencoded" };
  expect((await visitor.send(["POST", asked.path], neither, new URLSearchParams(fields).toString())).status).toBe(403);
  const otherBrowser = house.visitor();
  await otherBrowser.signIn(anna);
  const theirs = hiddenFields((await otherBrowser.get(asked.path)).text);
  const ofOther = hiddenFields((await visitor.get(other.path)).text);
  for (const token of ["", "x", theirs["token"] ?? "", ofOther["token"] ?? "", `${fields["token"] ?? ""}A`])
    expect((await visitor.post(asked.path, { ...fields, token })).words).toContain("Nothing was decided.");
  const twice = `${new URLSearchParams(fields).toString()}&deed=deny`;
  const sent = { ...neither, "sec-fetch-site": "same-origin", origin: house.origin };
  expect((await visitor.send(["POST", asked.path], sent, twice)).status).toBe(400);
  await stillWaits(all, asked);
  // The same form, sent by its own page, does; sent again, it decides no second time.
  expect((await visitor.post(asked.path, fields)).status).toBe(303);
  expect((await visitor.post(asked.path, fields)).status).toBe(303);
  const { decisions } = await house.call(anna, "get_approval", { approval_id: asked.id });
  expect(decisions).toHaveLength(1);
  await all.close();
});

const isRefusal = (status: number): boolean => status === 400 || status === 403;

test("an operator's link is of no use to who asked, nor to whom it is for (SECURITY 16, 18)", async () => {
  const all = await people();
  const { house, anna, boss, agent } = all;
  const asked = await house.ask(agent, { level: "operator" });
  expect(asked.told).toMatchObject({ code: "approval_pending" });
  expect(JSON.stringify(asked.told)).not.toContain(asked.id);
  const visitor = house.visitor();
  await visitor.signIn(anna);
  const page = await visitor.get(asked.path);
  expect(page.words).toContain("It waits for somebody else to decide");
  expect(page.text).not.toContain('value="approve"');
  const forced = await visitor.decide(asked.path, "approve");
  expect(forced).toMatchObject({ status: 409, words: expect.stringContaining("it is for others to decide") });
  await stillWaits(all, asked);
  const chief = house.visitor();
  await chief.signIn(boss);
  expect((await chief.decide(asked.path, "approve")).status).toBe(303);
  expect(await asked.again()).toEqual({ opened: "front" });
  await all.close();
});

test("every page forbids scripts, frames and being kept, and its cookie goes nowhere else (SECURITY 32)", async () => {
  const all = await people({ server: { publicUrl: "https://gate.example.com/tools" } });
  const { house, anna, agent } = all;
  const asked = await house.ask(agent, { level: "owner" });
  const visitor = house.visitor();
  const pages = [await visitor.get(asked.path), await visitor.get("/approvals/no/such"), await visitor.signIn(anna)];
  for (const { headers } of [...pages, await visitor.get(asked.path), await visitor.get("/approvals")]) {
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(headers).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
    });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  }
  const [cookie = ""] = pages[2]?.headers["set-cookie"] ?? [];
  expect(cookie).toMatch(
    /^__Secure-callgate-pages=[\w-]+; Path=\/tools\/approvals; Max-Age=1800; HttpOnly; SameSite=Strict; Secure$/,
  );
  expect(cookie).not.toContain(anna);
  expect(Buffer.from(cookie.split(/[=;]/)[1] ?? "", "base64url").toString("latin1")).not.toContain(anna);
  await all.close();
});

test("a key that is revoked signs its browser out at once, and signing out forgets it (SECURITY 7, 32)", async () => {
  const all = await people();
  const { house, anna, annaKeyId, boss, agent } = all;
  const asked = await house.ask(agent, { level: "owner" });
  const [visitor, leaving] = [house.visitor(), house.visitor()];
  for (const each of [visitor, leaving]) await each.signIn(anna);
  const fields = { ...hiddenFields((await visitor.get(asked.path)).text), deed: "approve" };
  const list = await leaving.get("/approvals");
  expect((await leaving.post("/approvals/sign-out", hiddenFields(list.text))).status).toBe(303);
  expect((await leaving.get(asked.path)).words).toContain("Sign in");
  await house.call(boss, "revoke_key", { key_id: annaKeyId });
  expect((await visitor.post(asked.path, fields)).words).toContain("Your key is not valid here any more.");
  expect((await visitor.get(asked.path)).words).toContain("Personal key");
  expect(await house.call(boss, "get_approval", { approval_id: asked.id })).toMatchObject({ state: "awaiting" });
  await all.close();
});

test("keys cannot be guessed at the door of the pages (SECURITY 9)", async () => {
  const all = await people();
  const { house, anna } = all;
  const statuses: number[] = [];
  const waits: number[] = [];
  for (let guess = 0; guess < 10; guess += 1) {
    const seen = await house.visitor().signIn(`${anna.slice(0, -4)}${1_000 + guess}`);
    statuses.push(seen.status);
    waits.push(Number(seen.headers["retry-after"] ?? 0));
  }
  expect(statuses.slice(0, 4)).toEqual([403, 403, 403, 403]);
  expect(statuses.slice(-4)).toEqual([429, 429, 429, 429]);
  expect(Math.min(...waits.slice(-4))).toBeGreaterThan(0);
  await all.close();
});

test("a link followed from elsewhere is asked for once more from here, and neither signs anybody out nor leads away", async () => {
  const all = await people();
  const { house, anna, agent } = all;
  const asked = await house.ask(agent, { level: "owner" });
  const visitor = house.visitor();
  await visitor.signIn(anna);
  const kept = new Map(visitor.cookies);
  visitor.cookies.clear();
  const elsewhere = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  const hop = await visitor.get(asked.path, elsewhere);
  expect(hop.headers["set-cookie"]).toBeUndefined();
  expect(hop.text).toContain(`<meta http-equiv="refresh" content="0; url=${asked.path}">`);
  for (const [name, value] of kept) visitor.cookies.set(name, value);
  expect((await visitor.get(asked.path, { ...elsewhere, "sec-fetch-site": "same-origin" })).words).toContain("Approve");
  const stranger = house.visitor();
  for (const go_to of [
    "https://evil.example",
    "//evil.example/approvals/x",
    "/mcp",
    "/approvals/sign-out",
    "/approvals/../x",
  ]) {
    const fields = { ...hiddenFields((await stranger.get("/approvals")).text), key: anna, go_to };
    expect((await stranger.post("/approvals/sign-in", fields)).headers.location).toBe("/approvals");
    stranger.cookies.clear();
  }
  await all.close();
});
