import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { blockedAddressIn } from "./blocked-address.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { WrittenBy } from "./may-reach.ts";
import { serveNames } from "./testing/names.ts";
import { Trap } from "./testing/trap.ts";

let trap: Trap;
let trap6: Trap | undefined;
let stopNames: () => void;
beforeAll(async () => {
  trap = await Trap.start();
  // Not every machine has IPv6.
  trap6 = await Trap.start("::1", trap.port).catch(() => undefined);
  stopNames = serveNames({
    "private.test": ["127.0.0.1"],
    "metadata.test": ["169.254.169.254"],
    "mixed.test": ["169.254.169.254 127.0.0.1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "anew.test": ["127.0.0.2", "127.0.0.1"],
    "leaf.test": ["127.0.0.2"],
  });
});
afterAll(async () => {
  stopNames();
  await Promise.all([trap.close(), trap6?.close()]);
});
beforeEach(() => {
  trap.connections = 0;
  if (trap6 !== undefined) trap6.connections = 0;
  trap.redirect = undefined;
});
afterEach(() => {
  delete process.env["CALLGATE_REACHABLE"];
});

const url = (host: string): string => `http://${host}:${trap.port}/`;

async function outcomeOf(address: string, writtenBy: WrittenBy): Promise<string> {
  try {
    return await (await guardedFetch(address, { signal: AbortSignal.timeout(10_000) }, writtenBy)).text();
  } catch (error) {
    if (blockedAddressIn(error) === undefined) throw error;
    return "blocked";
  }
}

/** Each spelling of this machine that an address can have; some of them are names. */
const here =
  `127.0.0.1 localhost LOCALHOST private.test mapped.test 0.0.0.0 0 127.1 127.0.1 2130706433 0x7f000001 0x7f.1
  017700000001 0177.0.0.1 0177.0.0.0x1 127.0.0.1. %31%32%37.0.0.1 [::1] [0:0:0:0:0:0:0:1] [::] [::ffff:127.0.0.1]
  [::ffff:7f00:1] [64:ff9b::127.0.0.1] ①②⑦.0.0.1 １２７.0.0.1 127。0。0。1`.split(/\s+/);
const metadata =
  `169.254.169.254 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.254.43518 metadata.test
  [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [fd00:ec2::254] [fe80::1] 100.100.100.200`.split(/\s+/);

describe("SECURITY 24: an address from outside", () => {
  it.each([...here, ...metadata, "10.0.0.1", "192.168.0.1", "172.16.0.1", "[fd12::1]"])(
    "%s is not connected to",
    async (host) => {
      expect(await outcomeOf(url(host), "outside")).toBe("blocked");
      expect([trap.connections, trap6?.connections ?? 0]).toEqual([0, 0]);
    },
  );

  it("is looked up once more for each connection, and judged by what it is then", async () => {
    process.env["CALLGATE_REACHABLE"] = "127.0.0.2";
    const leaf = await Trap.start("127.0.0.2", trap.port);
    try {
      expect(await outcomeOf(url("anew.test"), "outside")).toBe("caught");
      expect(await outcomeOf(url("anew.test"), "outside")).toBe("blocked");
      expect([leaf.connections, trap.connections]).toEqual([1, 0]);
    } finally {
      await leaf.close();
    }
  });

  it("may be opened by the people who run the gate, and nothing beside it", async () => {
    process.env["CALLGATE_REACHABLE"] = "127.0.0.0/8, 10.2.0.0/16";
    expect(await outcomeOf(url("private.test"), "outside")).toBe("caught");
    expect(await outcomeOf(url("10.3.0.1"), "outside")).toBe("blocked");
  });
});

describe("SECURITY 24: an address that stands in the code of a tool", () => {
  it.each(["127.0.0.1", "localhost", "private.test", "2130706433"])("%s is connected to", async (host) => {
    expect(await outcomeOf(url(host), "code")).toBe("caught");
  });

  it.each(metadata)("%s is not", async (host) => {
    expect(await outcomeOf(url(host), "code")).toBe("blocked");
  });

  it("has the addresses of its name that may be connected to", async () => {
    expect(await outcomeOf(url("mixed.test"), "code")).toBe("caught");
  });

  it.each(here.filter((host) => /^[ -~]+$/.test(host)))("does not redirect to %s at another origin", async (host) => {
    const from = await Trap.start();
    from.redirect = url(host);
    try {
      expect(await outcomeOf(`http://127.0.0.1:${from.port}/`, "code")).toBe("blocked");
      expect([from.connections, trap.connections, trap6?.connections ?? 0]).toEqual([1, 0, 0]);
    } finally {
      await from.close();
    }
  });

  it("redirects within its origin", async () => {
    trap.redirect = "/elsewhere";
    await expect(outcomeOf(url("127.0.0.1"), "code")).rejects.toThrow("fetch failed");
    expect(trap.connections).toBeGreaterThan(1);
  });
});

describe("SECURITY 24: an address that stands in the config", () => {
  it("is connected to where it is private", async () => {
    expect(await outcomeOf(url("private.test"), "config")).toBe("caught");
  });

  it("is not where a name leads to the machine's own services", async () => {
    expect(await outcomeOf(url("metadata.test"), "config")).toBe("blocked");
  });
});

it("leaves it to a dispatcher that the process has set for all, such as a proxy", async () => {
  const before = getGlobalDispatcher();
  const proxy = new MockAgent();
  proxy.disableNetConnect();
  proxy.get("http://private.test").intercept({ path: "/" }).reply(200, "by the proxy");
  setGlobalDispatcher(proxy);
  try {
    expect(await outcomeOf("http://private.test/", "outside")).toBe("by the proxy");
  } finally {
    setGlobalDispatcher(before);
    await proxy.close();
  }
});
