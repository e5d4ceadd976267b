import { resolve } from "node:path";
import { apiKeys, defineGate, sqlite, upstream } from "callgate";

const npx = (...args: string[]) => ({ command: "npx", args: ["--no-install", ...args] });
const memory = resolve(process.env["GATEWAY_STATE"] ?? ".callgate", "memory.jsonl");

export default defineGate({
  name: "gateway",
  graduation: "off",
  domains: [
    upstream("everything", { ...npx("mcp-server-everything"), reads: ["*"], timeoutMs: 60_000 }),
    upstream("files", { ...npx("mcp-server-filesystem", "data"), reads: ["*"], approval: "client" }),
    upstream("memory", {
      ...npx("mcp-server-memory"),
      env: { MEMORY_FILE_PATH: memory },
      reads: ["*"],
      approval: "client",
    }),
  ],
  callers: { authenticate: [apiKeys()], local: { kind: "person", user: "you", scopes: ["*"] } },
  store: sqlite(resolve(process.env["GATEWAY_STATE"] ?? ".callgate", "gate.db")),
});
