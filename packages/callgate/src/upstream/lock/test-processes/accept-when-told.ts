import { writeLock } from "../lock-file.ts";

/** Accepts an upstream of its own as soon as it is told to; or is killed while it does, and holds the lock then. */
const [path = "", name = "", end] = process.argv.slice(2);

process.once("message", () => {
  writeLock(path, name, () => {
    if (end === "killed") process.kill(process.pid, "SIGKILL");
    const server = "x".repeat(1_000_000);
    return {
      address: { url: "https://crm.example/mcp" },
      revision: "2026-07-28",
      server,
      tools: [],
      resources: [],
      resourceTemplates: [],
      prompts: [],
    };
  });
  process.disconnect();
});
process.send?.("ready");
