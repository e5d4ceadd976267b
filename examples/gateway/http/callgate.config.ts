import { apiKeys, bearer, defineGate, env, sqlite, upstream } from "callgate";

const at = (variable: string, port: number): string => process.env[variable] ?? `http://127.0.0.1:${port}/mcp`;

export default defineGate({
  name: "harbour",
  graduation: "off",
  domains: [
    upstream("berths", { url: at("BERTHS_URL", 7411), credential: bearer(env("BERTHS_TOKEN")), reads: ["find_*"] }),
    upstream("tides", { url: at("TIDES_URL", 7412), credential: bearer(env("TIDES_TOKEN")), reads: ["get_*"] }),
    upstream("weather", { command: "node", args: ["servers/weather.ts"], cwd: import.meta.dirname, reads: ["get_*"] }),
    upstream("everything", { url: at("EVERYTHING_URL", 7413), reads: ["*"], timeoutMs: 60_000 }),
  ],
  callers: { authenticate: [apiKeys()], local: { kind: "person", user: "you", scopes: ["*"] } },
  store: sqlite(".callgate/gate.db"),
});
