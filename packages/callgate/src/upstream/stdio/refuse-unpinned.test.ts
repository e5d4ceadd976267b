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
  "npm create mcp-server",
  "npm init mcp-server@latest",
  "npm --silent init @scope",
  "pnpm create mcp-server",
  "yarn create mcp-server",
  "bun create mcp-server",
  "uv run https://example.org/server.py",
  "uv run --script https://example.org/server.py",
  "pipx run https://example.org/server.py",
  "sudo -u mcp npx server-memory",
  "timeout --signal=KILL 3600 nice -n 5 npx server-memory",
  "op run --env-file=.env -- npx server-memory",
  "busybox nohup npx server-memory",
  "wsl.exe npx -y server-memory",
  "dotenvx run -- npx server-memory",
  "infisical run --env=prod -- uvx mcp-server-git",
  "mise x node@24.1.0 -- npx server-memory",
  "direnv exec /srv npx server-memory",
  "fnm exec --using=24 npx server-memory",
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
  "npm init -y",
  "npm create mcp-server@1.2.3",
  "uv run --with mcp-server-git==1.2.3 -m server https://example.org",
  "bun run server.ts https://example.org",
  "sh start.sh npx",
  "sudo -u mcp node server.js",
  "op run -- npx server-memory@1.2.3",
  "wsl.exe npx -y server-memory@1.2.3",
  "mise x node@24.1.0 -- node server.js",
  "timeout $T node server.js",
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

it.each([
  ["sh", "-c", "npx -y server-memory"],
  ["/bin/bash", "-lc", "cd /srv && exec npx -y server-memory"],
  ["bash", "-e", "-c", "set -u; A=b C='d e' npx server-memory | tee log"],
  ["sh", "-c", "if true; then npx server-memory; fi"],
  ["sh", "-c", "{ npx server-memory; }"],
  ["sh", "-c", "(cd /srv; npx server-memory)"],
  ["sh", "-c", "npx 'server-memory'"],
  ["sh", "-c", 'npx "server-""memory@latest"'],
  ["sh", "-c", "n\\px server-memory"],
  ["sh", "-c", "echo $(npx server-memory)"],
  ["sh", "-c", 'echo "$(npx server-memory)"'],
  ["sh", "-c", "echo `uvx mcp-server-git`"],
  ["sh", "-c", "eval 'npx server-memory'"],
  ["sh", "-c", `bash -c 'sh -c "npx server-memory"'`],
  ["sh", "-c", "npx server-memory@$VERSION"],
  ["sh", "-c", "cd /srv \nnpx server-memory"],
  ["sh", "-c", "# what's there\nnpx server-memory # that's it"],
  ["sh", "-c", "np\\\nx -y server-memory"],
  ["sh", "-c", "npx -y $(cat package)"],
  ["sh", "-c", "uvx --from `cat package` server"],
  ["sh", "-c", "2>/dev/null npx server-memory"],
  ["sh", "-c", "</dev/null >> /tmp/log npx server-memory"],
  ["powershell", "-Command", "$env:A = 'b'; $env:C='d'; npx server-memory"],
  ["sh", "-c", 'exec "$@"', "sh", "npx", "server-memory"],
  ["bash", "-c", '"$0" "$@"', "npx", "server-memory"],
  ["env", "A=b", "sh", "-c", "nohup npx server-memory &"],
  ["cmd", "/c", "cd \\srv && npx server-memory"],
  ["powershell", "-NoProfile", "-Command", "& C:\\node\\npx.cmd server-memory"],
])("[G1] sees what a shell runs: %s %s %s", (...line) => {
  const [command = "", ...args] = line.filter((word) => word !== undefined);
  expect(() => refuseUnpinned(command, args)).toThrow(/runs whatever version is published when it starts/);
});

it.each([
  ["sh", "-c", "cd /srv && exec npx -y server-memory@1.2.3"],
  ["sh", "-c", 'TOKEN="$(cat /run/token)" exec node server.js --name "a; npx b"'],
  ["sh", "-c", "$HOME/bin/server --port 1 2>&1"],
  ["sh", "-c", "#!/bin/sh\nnode server.js --color=#fff $# # npx b; $RUN"],
  ["sh", "-c", "exec npx -y \\\n  server-memory@1.2.3 \\\n  --port 1"],
  ["sh", "-c", "node server.js 2>&$LOG >& $OTHER"],
  ["bash", "-c", 'node server.js &>> "$LOG" | $HOME/bin/tee'],
  ["sh", "-c", "npx 2>/dev/null -y server-memory@1.2.3 > $LOG <<< text"],
  ["sh", "-c", "npx -y server-memory@1.2.3 --name $(cat name) `cat other`"],
  ["sh", "-c", "exec $(which node) server.js"],
  ["powershell", "-Command", "$env:TOKEN='x'; $env:PATH += ';/srv' ; & $HOME/bin/node server.js"],
  ["pwsh", "-c", "$port = 1; node server.js $port"],
  ["sh", "-c", 'exec "$@"', "sh", "npx", "server-memory@1.2.3"],
  ["sh", "-c", "echo 'npx server-memory'"],
  ["bash", "-c"],
  ["powershell", "-File", "start.ps1"],
])("[G1] lets a shell run what always is the same: %s %s %s", (...line) => {
  const [command = "", ...args] = line.filter((word) => word !== undefined);
  expect(() => refuseUnpinned(command, args)).not.toThrow();
});

it.each(["$RUNNER server-memory", "exec ${NPX} server-memory", 'cd /srv; "$A" b'])(
  "[G1] refuses a shell's line that does not say what it runs, and says so: %s",
  (line) => {
    expect(() => refuseUnpinned("sh", ["-c", line])).toThrow(/cannot be judged\. Name the program itself/);
  },
);

it("[G1] says of an address that it is to be downloaded", () => {
  expect(() => refuseUnpinned("uv", ["run", "https://example.org/a.py"])).toThrow(
    "uv run https://example.org/a.py runs whatever is there when it starts. Download it, look at it,",
  );
});

it("[G1] says where, and how to mend it", () => {
  const place = { domain: "files" };
  expect(() => refuseUnpinned("npx", ["-y", "@scope/server@latest"], place)).toThrow(
    expect.objectContaining({ domain: "files", cure: expect.stringContaining("@scope/server@1.2.3") }),
  );
  expect(() => refuseUnpinned("uvx", ["server>=1"])).toThrow(/server==1\.2\.3/);
});
