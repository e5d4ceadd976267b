#!/usr/bin/env node
import { existsSync } from "node:fs";

const oldest = "22.18";
const source = new URL("../src/cli/main.ts", import.meta.url);
const built = new URL("../dist/cli/main.js", import.meta.url);

if (isNewEnough(process.versions.node)) await import((existsSync(source) ? source : built).href);
else await runOnNewerNode();

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldest.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** Hands the command over to the Node of the `node` package, where this folder's project or our own has it installed. */
async function runOnNewerNode() {
  const { spawn } = await import("node:child_process");
  const { fileURLToPath } = await import("node:url");

  const node = await findInstalledNode();
  if (node === undefined) {
    console.error(`callgate needs Node ${oldest} or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }

  // What this machine would run a project on, which `init` has to know.
  const env = { ...process.env, CALLGATE_SYSTEM_NODE: process.versions.node };
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal's interrupt reaches the child by itself: passing it on would deliver it twice.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function findInstalledNode() {
  const { createRequire } = await import("node:module");
  const { dirname, join } = await import("node:path");
  const { execFileSync } = await import("node:child_process");
  for (const from of [import.meta.url, join(process.cwd(), "callgate.config.ts")]) {
    try {
      const binary = join(dirname(createRequire(from).resolve("node/package.json")), "bin", "node");
      if (isNewEnough(execFileSync(binary, ["-p", "process.versions.node"], { encoding: "utf8" }))) return binary;
    } catch {
      // Not installed there, or not for this machine.
    }
  }
}
