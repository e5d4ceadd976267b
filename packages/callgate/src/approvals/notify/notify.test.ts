import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ApprovalNotice, RunningNotifier } from "../../define/approval.ts";
import type { CallLog } from "../../define/context.ts";
import { env } from "../../define/secret.ts";
import { command } from "./command.ts";
import { ApprovalNotices } from "./notices.ts";
import { webhook } from "./webhook.ts";

const notice: ApprovalNotice = {
  event: "approval.requested",
  at: "2026-11-21T10:00:00.000Z",
  approvalId: "approval_1",
  link: "https://gate.example.com/approvals/approval_1",
  tool: "cancel_booking",
  domain: "bookings",
  level: "owner",
  askedBy: "agent:helper@anna",
  forUser: "anna",
  tenant: undefined,
  reason: "the guest asked for it",
  expiresAt: "2026-11-21T11:00:00.000Z",
  state: "awaiting",
  preview: { refund: "1200.50" },
};

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let received: Received[];
let answer: (response: ServerResponse, count: number) => void;
let server: Server;
let url: string;
let said: string[];
let running: RunningNotifier | undefined;
const log: CallLog = {
  debug: () => {},
  info: () => {},
  warn: (message, fields) => void said.push(`${message} ${JSON.stringify(fields)}`),
  error: () => {},
};
const KEY = "a secret of more than 24 bytes";

beforeEach(async () => {
  received = [];
  said = [];
  running = undefined;
  answer = (response) => response.writeHead(204).end();
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  process.env["HOOK_SECRET"] = KEY;
});

afterEach(async () => {
  await running?.close(0);
  delete process.env["HOOK_SECRET"];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function signatureOf(key: string | Buffer, { headers, body }: Received): string {
  const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

const quick = { tryMs: 5_000, waitsMs: [1, 1, 1] };
const start = (patience = quick, include?: "preview"): RunningNotifier => {
  running = webhook({ url, secret: env("HOOK_SECRET"), ...(include && { include }) }, patience).start({ log });
  return running;
};
const arrived = (count: number): Promise<void> => vi.waitFor(() => expect(received).toHaveLength(count), 10_000);

describe("a webhook", () => {
  it("posts a notice, signed as Standard Webhooks says, without the values of the preview", async () => {
    start().notify(notice);
    await arrived(1);
    const [{ headers, body }] = received as [Received];
    expect(headers["webhook-signature"]).toBe(signatureOf(KEY, { headers, body }));
    expect(Math.abs(Date.now() / 1_000 - Number(headers["webhook-timestamp"]))).toBeLessThan(300);
    expect(JSON.parse(body)).toEqual({
      type: "approval.requested",
      timestamp: notice.at,
      data: {
        approval_id: "approval_1",
        link: notice.link,
        tool: "cancel_booking",
        domain: "bookings",
        level: "owner",
        asked_by: "agent:helper@anna",
        for_user: "anna",
        reason: "the guest asked for it",
        expires_at: notice.expiresAt,
        state: "awaiting",
      },
    });
  });

  it("takes a secret as Standard Webhooks writes it, and shows the preview where it is set to", async () => {
    const key = Buffer.alloc(32, 7);
    process.env["HOOK_SECRET"] = `whsec_${key.toString("base64")}`;
    start(quick, "preview").notify(notice);
    await arrived(1);
    const [{ headers, body }] = received as [Received];
    expect(headers["webhook-signature"]).toBe(signatureOf(key, { headers, body }));
    expect(JSON.parse(body).data.preview).toEqual({ refund: "1200.50" });
  });

  it("tries again under the same id until it arrives", async () => {
    answer = (response, count) => response.writeHead(count < 3 ? 503 : 200).end();
    start().notify(notice);
    await arrived(3);
    await running?.close(5_000);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"]))).toHaveProperty("size", 1);
    expect(said).toEqual([]);
  });

  it("gives up after a bounded number of tries, and says so in the log", async () => {
    answer = (response) => response.writeHead(500).end();
    start().notify(notice);
    await vi.waitFor(() => expect(said.join()).toContain("gave a notice up"), 10_000);
    expect(received).toHaveLength(4);
    expect(said.join()).toContain("it answered 500");
    expect(said.join()).not.toContain(KEY);
  });

  it("follows no redirect", async () => {
    let followed = false;
    const elsewhere = createServer((_, response) => {
      followed = true;
      response.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    answer = (response) => response.writeHead(307, { location }).end();
    start().notify(notice);
    await vi.waitFor(() => expect(said.join()).toContain("it answered 307"), 10_000);
    expect(received).toHaveLength(1);
    expect(followed).toBe(false);
    elsewhere.close();
  });

  it("does not wait for a receiver that stalls, nor does the gate when it closes", async () => {
    answer = () => {};
    start({ tryMs: 60_000, waitsMs: [] }).notify(notice);
    await arrived(1);
    await running?.close(10);
    expect(said.join()).toContain("ended before its notices arrived");
  });

  it("ends a try that stalls at its deadline, and makes the next", async () => {
    answer = (response, count) => void (count > 1 && response.end());
    start({ tryMs: 500, waitsMs: [1, 1, 1, 1, 1, 1] }).notify(notice);
    await vi.waitFor(() => expect(received.length).toBeGreaterThan(1), 10_000);
    await running?.close(5_000);
    expect(said).toEqual([]);
  });

  it("keeps a bounded number of notices, and says that it drops the rest", async () => {
    answer = () => {};
    start({ tryMs: 60_000, waitsMs: [] });
    for (let at = 0; at < 1_100; at += 1) running?.notify({ ...notice, approvalId: `approval_${at}` });
    expect(said).toEqual([expect.stringContaining("takes no more notices")]);
    await arrived(4);
  });

  it.each(["http://example.com/hook", "https://user:pass@example.com/", "ftp://127.0.0.1/", "hook"])(
    "is refused at once: %s",
    (address) => {
      expect(() => webhook({ url: address, secret: env("HOOK_SECRET") })).toThrow(/A webhook cannot post/);
    },
  );

  it("does not start without a secret, or with a short one", () => {
    process.env["HOOK_SECRET"] = "short";
    expect(() => start()).toThrow(/HOOK_SECRET is shorter than 24 bytes/);
    delete process.env["HOOK_SECRET"];
    expect(() => start()).toThrow(/HOOK_SECRET is not set/);
  });
});

describe("a command", () => {
  let folder: string;
  const script = (code: string): readonly [string, ...string[]] => {
    writeFileSync(join(folder, "notify.mjs"), code);
    return [process.execPath, join(folder, "notify.mjs"), join(folder, "out"), "$(touch pwned); `id`"];
  };
  const out = (): string => (existsSync(join(folder, "out")) ? readFileSync(join(folder, "out"), "utf8") : "");
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "notify-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("runs without a shell, with the notice on stdin and no secrets in its environment", async () => {
    const line = script(`
      import { readFileSync, renameSync, writeFileSync } from "node:fs";
      const said = { input: JSON.parse(readFileSync(0, "utf8")), args: process.argv.slice(3), env: process.env };
      writeFileSync(process.argv[2] + ".part", JSON.stringify(said));
      renameSync(process.argv[2] + ".part", process.argv[2]);`);
    running = command(line).start({ log });
    running.notify(notice);
    await vi.waitFor(() => expect(out()).not.toBe(""), 20_000);
    const { input, args, env: environment } = JSON.parse(out());
    expect(input).toMatchObject({ type: "approval.requested", data: { approval_id: "approval_1" } });
    expect(input.data).not.toHaveProperty("preview");
    expect(args).toEqual(["$(touch pwned); `id`"]);
    expect(environment).not.toHaveProperty("HOOK_SECRET");
  });

  it("is killed at its deadline", async () => {
    running = command(script("setInterval(() => {}, 1000)"), { tryMs: 200 }).start({ log });
    running.notify(notice);
    await vi.waitFor(() => expect(said.join()).toContain("it did not end in time"), 20_000);
  });

  it("that may not be killed, as one of another user, is given up", async () => {
    const kill = process.kill.bind(process);
    const refusing = vi.spyOn(process, "kill").mockImplementation((pid, signal) => {
      if (signal === "SIGKILL") throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
      return kill(pid, signal);
    });
    const line = script(`
      import { writeFileSync } from "node:fs";
      writeFileSync(process.argv[2], String(process.pid));
      setInterval(() => {}, 1000);`);
    try {
      running = command(line, { tryMs: 2_000 }).start({ log });
      running.notify(notice);
      await vi.waitFor(() => expect(said.join()).toContain("could not be ended: kill EPERM"), 20_000);
      await running.close(10_000);
    } finally {
      refusing.mockRestore();
    }
    await vi.waitFor(() => expect(Number(out())).toBeGreaterThan(0), 20_000);
    process.kill(Number(out()), "SIGKILL");
  });

  it("is killed with what it has started", async () => {
    const line = script(`
      import { spawn } from "node:child_process";
      import { writeFileSync } from "node:fs";
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      writeFileSync(process.argv[2], String(child.pid));
      setInterval(() => {}, 1000);`);
    running = command(line, { tryMs: 60_000 }).start({ log });
    running.notify(notice);
    await vi.waitFor(() => expect(Number(out())).toBeGreaterThan(0), 20_000);
    await running.close(0);
    await vi.waitFor(() => expect(() => process.kill(Number(out()), 0)).toThrow(/ESRCH/), 10_000);
  });

  it("that fails or is not there is said in the log, and is run once", async () => {
    running = command(script("process.exit(3)")).start({ log });
    running.notify(notice);
    await vi.waitFor(() => expect(said.join()).toContain("it ended with code 3"), 20_000);
    await running.close(0);
    running = command(["/nowhere/notify"]).start({ log });
    running.notify(notice);
    await vi.waitFor(() => expect(said.join()).toContain("ENOENT"), 20_000);
  });
});

describe("the notices of a gate", () => {
  it("go to every notifier, whatever one of them does", async () => {
    const told: string[] = [];
    const throwing = {
      notify: (): never => {
        throw new Error("no");
      },
      close: () => Promise.reject(new Error("no")),
    };
    const keeping = { notify: ({ event }: ApprovalNotice) => void told.push(event), close: async () => {} };
    const notify = [throwing, keeping].map((each) => ({ kind: "test", start: () => each }));
    const notices = new ApprovalNotices({ notify }, log);
    notices.tell(notice);
    await notices.close();
    expect(told).toEqual(["approval.requested"]);
  });
});
