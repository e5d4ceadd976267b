import { expect, it } from "vitest";
import { DefinitionError } from "../../define/definition-error.ts";
import { refuseUnpinned } from "./refuse-unpinned.ts";

const words = (line: string): [string, string[]] => {
  const [command = "", ...args] = line.split(" ");
  return [command, args];
};

it.each([
  "npx @modelcontextprotocol/server-filesystem /srv",
  "npx -y server-memory",
  "npx -y server-memory@latest",
  "npx -y server-memory@^1.2.3",
  "npx -y server-memory@1",
  "npx -y server-memory@1.x",
  "npx -y @scope/pkg@next --flag",
  "npx --yes --package=server-memory mcp-server-memory",
  "npx -p server-memory@1.2.3 -p other mcp-server-memory",
  "npx -y -- server-memory",
  "npx github:someone/server",
  "npx someone/server#main",
  "npx https://example.org/server.tgz",
  "npx alias@npm:server@latest",
  "/usr/bin/npx server-memory",
  "npx.cmd server-memory",
  "npm exec -- server-memory",
  "npm --silent exec server-memory@latest",
  "npm x server-memory",
  "pnpm dlx server-memory",
  "pnpx server-memory",
  "yarn dlx server-memory",
  "bunx server-memory",
  "bun x --bun server-memory",
  "uvx mcp-server-git",
  "uvx mcp-server-git@latest",
  "uvx mcp-server-git>=1.0",
  "uvx --from mcp-server-git mcp-server-git@1.2.3",
  "uvx --with other mcp-server-git==1.2.3",
  "uvx --from git+https://example.org/server@main server",
  "uv tool run --python 3.13 mcp-server-git",
  "pipx run mcp-server-git",
])("[G1] refuses what runs whatever is newest: %s", (line) => {
  expect(() => refuseUnpinned(...words(line))).toThrow(DefinitionError);
});

it.each([
  "npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /srv",
  "npx -y server-memory@1.2.3-beta.1",
  "npx --package server-memory@1.2.3 mcp-server-memory",
  "npx --no-install mcp-server-memory",
  "npx ./server",
  "npx github:someone/server#0123456789abcdef0123456789abcdef01234567",
  "npm exec --registry https://registry.example.org server-memory@1.2.3 -- latest",
  "npm run server",
  "pnpm dlx server-memory@1.2.3",
  "pnpm start",
  "bunx server-memory@1.2.3",
  "bun run server.ts",
  "uvx mcp-server-git==2026.1.14 --repository /srv",
  "uvx mcp-server-git@1.2",
  "uvx --python 3.13 --from mcp-server[cli]==1.2.3 server",
  "uvx --from git+https://example.org/server@0123456789abcdef0123456789abcdef01234567 server",
  "uv run server.py",
  "pipx run --spec mcp-server-git==1.2.3 server",
  "node server.js",
  "python -m server",
])("[G1] lets through what always runs the same: %s", (line) => {
  expect(() => refuseUnpinned(...words(line))).not.toThrow();
});

it("[G1] says where, and how to mend it", () => {
  const place = { domain: "files" };
  expect(() => refuseUnpinned("npx", ["-y", "@scope/server@latest"], place)).toThrow(
    expect.objectContaining({ domain: "files", cure: expect.stringContaining("@scope/server@1.2.3") }),
  );
  expect(() => refuseUnpinned("uvx", ["server>=1"])).toThrow(/server==1\.2\.3/);
});
