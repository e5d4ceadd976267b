// Runs before `npm start` and `npm test` on whatever Node the machine has, with nothing installed: plain JavaScript only.
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = 20;

if (!isInstalled()) {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    fail(`Installing Callgate needs Node ${oldestNode} or newer; this is ${process.versions.node}.`);
  }
  if (!isWritable()) fail(`Callgate's packages cannot be installed: no permission to write to ${root}.`);
  await install();
  if (!hasNode()) {
    fail(
      "npm did not install Node 24, because install scripts are switched off: run `npm ci --ignore-scripts=false` once.",
    );
  }
}

/** Whether what stands in node_modules is what the lockfile asks for, whenever and by whichever command it came. */
function isInstalled() {
  const wanted = Object.entries(readPackages(join(root, "package-lock.json")));
  const present = readPackages(join(root, "node_modules", ".package-lock.json"));
  return hasNode() && wanted.every(([path, entry]) => isPresent(path, entry, present));
}

function isPresent(path, { version, resolved, link, optional, extraneous }, present) {
  if (!path.includes("node_modules/") || optional || extraneous) return true;
  return link ? present[path]?.resolved === resolved : present[path]?.version === version;
}

function hasNode() {
  return ["node", "node.cmd"].some((name) => existsSync(join(root, "node_modules", ".bin", name)));
}

function readPackages(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, "utf8")).packages : {};
}

function isWritable() {
  try {
    accessSync(root, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function install() {
  const total = Object.keys(readPackages(join(root, "package-lock.json"))).length;
  const progress = createProgress(total);
  console.error("Installing Callgate's packages with npm ci. This happens once.");
  // npm names each package that it fetches at this level: that is what progress is counted from.
  const npm = spawn("npm", ["ci", "--loglevel=http"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    shell: process.platform === "win32",
  });
  const words = [];
  createInterface({ input: npm.stderr }).on("line", (line) => {
    if (/^npm http (fetch|cache)/.test(line)) return progress.step();
    words.push(line);
    // Its warnings that this Node is too old for a package do not hold: the scripts run on the Node installed here.
    if (!/^npm (http|warn EBADENGINE)/.test(line)) progress.say(line);
  });
  const code = await new Promise((resolve) => {
    npm.on("error", () => resolve("missing"));
    npm.on("close", resolve);
  });
  progress.end();
  if (code !== 0) fail(reason(code, words.join("\n")));
}

function reason(code, words) {
  if (code === "missing") return "Callgate's packages cannot be installed: npm was not found on the PATH.";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED/.test(words)) {
    return "Callgate's packages cannot be installed: npm's registry cannot be reached. Connect and try again.";
  }
  if (/EACCES|EPERM|EROFS/.test(words))
    return `Callgate's packages cannot be installed: no permission to write to ${root}.`;
  if (/ENOSPC/.test(words)) return "Callgate's packages cannot be installed: the disk is full.";
  return `Callgate's packages cannot be installed: npm ci ended with code ${code}, for the reason above.`;
}

function createProgress(total) {
  const started = Date.now();
  const terminal = process.stderr.isTTY;
  let fetched = 0;
  let shownAt = 0;

  function show() {
    shownAt = Date.now();
    const seconds = Math.round((shownAt - started) / 1000);
    const line = `  ${Math.min(fetched, total)} of about ${total} packages, ${seconds} s`;
    process.stderr.write(terminal ? `\r${line}` : `${line}\n`);
  }
  const timer = setInterval(() => (terminal || Date.now() - shownAt >= 10_000) && show(), 500);

  return {
    step: () => {
      fetched += 1;
    },
    say: (line) => console.error(terminal ? `\r${line}` : line),
    end: () => {
      clearInterval(timer);
      show();
      if (terminal) process.stderr.write("\n");
    },
  };
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
