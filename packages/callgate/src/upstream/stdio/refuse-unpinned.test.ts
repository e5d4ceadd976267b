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
  "npm --prefix /srv exec server-memory",
  "npm --some-setting value exec server-memory",
  "npm exec --no-fund server-memory",
  "pnpm -C /srv dlx server-memory",
  "pnpm -w dlx server-memory",
  "pnpm --package=server-memory dlx fine@1.0.0",
  "pnpm --package server-memory dlx fine@1.0.0",
  "yarn --cwd /srv dlx server-memory",
  "bun --cwd /srv x server-memory",
  "uv --directory /srv tool run mcp-server-git",
  "uv tool --directory /srv run mcp-server-git",
  "uv --directory=/srv --quiet tool run mcp-server-git",
  "uv run --with mcp-server-git server.py",
  "uv --project /srv run --with mcp-server-git==1.2.3,other -m server",
  "cmd /c npx -y server-memory",
  "C:\\Windows\\System32\\CMD.EXE /d /s /C npx.cmd -y server-memory",
  "env npx server-memory",
  "/usr/bin/env A=b C=d npx server-memory",
  "env -i -u HOME --chdir=/srv -- A=b npx server-memory",
  "env -S npx server-memory",
  "env cmd /c env uvx mcp-server-git",
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
  "npm --prefix /srv exec server-memory@1.2.3",
  "npm --prefix exec run server",
  "npm --silent run exec",
  "pnpm --package=server-memory@1.2.3 dlx mcp-server-memory",
  "pnpm --filter dlx start server-memory",
  "uv --directory /srv tool run mcp-server-git==1.2.3",
  "uv --offline tool run mcp-server-git",
  "uv run --with mcp-server-git==1.2.3 server.py",
  "uv run server.py --with other",
  "uv run -m server --with other",
  "cmd /c npx -y server-memory@1.2.3",
  "cmd /c node server.js",
  "cmd",
  "env npx server-memory@1.2.3",
  "env A=npx node server.js npx server-memory",
  "env -u npx node server.js",
  "env",
  "node server.js",
  "python -m server",
])("[G1] lets through what always runs the same: %s", (line) => {
  expect(() => refuseUnpinned(...words(line))).not.toThrow();
});

it("[G1] sees a command line that stands in one word", () => {
  expect(() => refuseUnpinned("cmd", ["/c", "npx -y server-memory"])).toThrow(DefinitionError);
  expect(() => refuseUnpinned("cmd", ["/c", '"C:\\Program Files\\nodejs\\npx.cmd" server-memory'])).toThrow(
    DefinitionError,
  );
  expect(() => refuseUnpinned("cmd", ["/c", "C:\\Program Files\\nodejs\\npx.cmd", "server-memory"])).toThrow(
    DefinitionError,
  );
  expect(() => refuseUnpinned("env", ["-S", "A=b npx -y server-memory"])).toThrow(DefinitionError);
  expect(() => refuseUnpinned("env", ["-iSnpx -y", "server-memory"])).toThrow(DefinitionError);
  expect(() => refuseUnpinned("env", ["--split-string=npx -y", "server-memory@1.2.3"])).not.toThrow();
});

it("[G1] says where, and how to mend it", () => {
  const place = { domain: "files" };
  expect(() => refuseUnpinned("npx", ["-y", "@scope/server@latest"], place)).toThrow(
    expect.objectContaining({ domain: "files", cure: expect.stringContaining("@scope/server@1.2.3") }),
  );
  expect(() => refuseUnpinned("uvx", ["server>=1"])).toThrow(/server==1\.2\.3/);
});
