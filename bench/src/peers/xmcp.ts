import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readPort } from "../port-argument.ts";

// xmcp compiles the port into what it builds, so the build belongs to the start.
const project = fileURLToPath(new URL("xmcp/", import.meta.url));
const cli = createRequire(import.meta.url)
  .resolve("xmcp/package.json")
  .replace("package.json", "dist/cli.js");

const build = spawnSync(process.execPath, [cli, "build"], {
  cwd: project,
  env: { ...process.env, XMCP_PORT: String(readPort()) },
  encoding: "utf8",
});
if (build.status !== 0) throw new Error(`xmcp build failed:\n${build.stdout}\n${build.stderr}`);

await import(pathToFileURL(`${project}dist/http.js`).href);
