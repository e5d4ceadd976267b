import { relative } from "node:path";
import { createMasker } from "../../audit/mask.ts";
import { closestTo } from "../../define/closest.ts";
import type { CallLog } from "../../define/context.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { createLog } from "../../gate/context/log.ts";
import { StoreOpening } from "../../gate/open/store-opening.ts";
import { causeWords, cureOf } from "../../upstream/cure-of.ts";
import type { LiveUpstream } from "../../upstream/live-upstream.ts";
import type { Finding } from "../../upstream/lock/compare-lock.ts";
import { LISTS, type LockedUpstream, nameIn } from "../../upstream/lock/locked.ts";
import { upstreamOf } from "../../upstream/upstream.ts";
import { CliError } from "../cli-error.ts";
import { findConfig } from "../connection/find-config.ts";
import { loadConfig } from "../connection/load-config.ts";
import { quietenLog } from "../connection/quieten-log.ts";
import { toSeenLine } from "../printing/visible-text.ts";
import type { Terminal } from "../terminal.ts";
import { sayOffered } from "./say-offered.ts";

const MOST_NAMED = 20;
/** Of what a program that failed has said. */
const MOST_LINES = 10;

/** What a person wants to accept. */
export interface Accepting {
  readonly upstream: string;
  /** Names as the server has them; none: everything that is not suspicious. */
  readonly names: readonly string[];
  /** Suspicious things too. */
  readonly all: boolean;
  readonly yes: boolean;
  readonly config: string | undefined;
  readonly debug: boolean;
}

/** Shows what a server offers otherwise than was accepted, asks, and writes the lock file; false where the person says no. */
export async function acceptUpstream(accepting: Accepting, terminal: Terminal): Promise<boolean> {
  quietenLog(accepting.debug);
  const config = await loadConfig(pathOf(accepting, terminal));
  const upstream = findUpstream(accepting, config);
  const now = await look(upstream, config, terminal);
  const findings = upstream.findingsIn(now);
  refuseUnknown(accepting, { now, findings });
  const { accepted } = upstream;
  if (findings.length === 0 && accepted !== undefined && accepted.instructions === now.instructions) {
    terminal.say(`${upstream.name} offers what was accepted.`);
    return true;
  }
  const chosen = choose(findings, accepting);
  sayOffered({ upstream, now, chosen, left: findings.filter((finding) => !chosen.includes(finding)) }, terminal);
  if (chosen.length === 0 && findings.length > 0)
    throw new CliError(
      "failed",
      `Nothing of ${upstream.name} was accepted: all that it offers otherwise is suspicious.`,
    );
  const file = relative(terminal.folder, upstream.lockPath);
  if (!accepting.yes) {
    if (!terminal.canAsk)
      throw new CliError("usage", "There is no terminal to ask at.", { next: "Look at the changes, then use --yes." });
    const what = chosen.length === 0 ? "the instructions" : chosen.length;
    if (!(await terminal.ask(`Accept ${what} of ${upstream.name} into ${file}?`))) return false;
  }
  upstream.accept(now, chosen);
  terminal.say(`${file} is written. Commit it; a gate that runs on it takes it up within a second.`);
  return true;
}

function pathOf({ config }: Accepting, { folder }: Terminal): string {
  const path = findConfig(folder, config);
  if (path !== undefined) return path;
  throw new CliError("cannotStart", "This folder has no callgate.config.ts.", { next: "Name one with --config." });
}

function findUpstream({ upstream: name }: Accepting, { domains }: GateConfig): LiveUpstream {
  const live = domains.map(upstreamOf).filter((upstream) => upstream !== undefined);
  const found = live.find((upstream) => upstream.name === name);
  found?.standBeside(domains);
  if (found !== undefined) return found;
  const names = live.map((upstream) => upstream.name).join(", ");
  throw new CliError("usage", `The config has no upstream "${name}".`, {
    next: names === "" ? "Add one: upstream(…)." : `It has ${names}.`,
  });
}

/** By the gate's own store and key ring, where its credential is kept there: a gate that runs meanwhile loses no token by it. */
async function look(upstream: LiveUpstream, config: GateConfig, terminal: Terminal): Promise<LockedUpstream> {
  const clock = Date.now;
  const opening = new StoreOpening(config, clock);
  const said: string[] = [];
  try {
    const log = keepingLines(createLog(createMasker({ fields: [], patterns: [] })), said);
    return await upstream.look({ ...opening.lent, clock, log });
  } catch (error) {
    if (said.length > 0)
      terminal.say(`${upstream.name} said at its end:\n${said.map((line) => `  ${line}`).join("\n")}`);
    const words = `What ${upstream.name} offers could not be found out: ${causeWords(error)}`;
    throw new CliError("failed", words, { next: cureOf(error, upstream), cause: error });
  } finally {
    await opening.close();
  }
}

/** A log that keeps the last lines of what a program says on stderr: its secrets are masked before they are logged. */
function keepingLines(log: CallLog, kept: string[]): CallLog {
  return {
    ...log,
    info: (message, fields) => {
      log.info(message, fields);
      const line = fields?.["line"];
      if (typeof line === "string" && kept.push(toSeenLine(line)) > MOST_LINES) kept.shift();
    },
  };
}

/** A name that is not there was meant for another: to say that nothing has changed would hide it. */
function refuseUnknown(
  { upstream, names }: Accepting,
  { now, findings }: { readonly now: LockedUpstream; readonly findings: readonly Finding[] },
): void {
  const offered = LISTS.flatMap((list) => now[list].map((item) => nameIn(list, item)));
  const known = [...new Set([...offered, ...findings.map(({ name }) => name)])];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = closestTo(unknown, known);
  const has = `It has ${known.slice(0, MOST_NAMED).join(", ") || "nothing"}${known.length > MOST_NAMED ? ", …" : ""}.`;
  throw new CliError("usage", `${upstream} has nothing that is called "${unknown}".`, {
    next: meant === undefined ? has : `Did you mean "${meant}"?`,
  });
}

function choose(findings: readonly Finding[], { names, all }: Accepting): readonly Finding[] {
  const unknown = names.find((name) => !findings.some((finding) => finding.name === name));
  if (unknown !== undefined)
    throw new CliError("usage", `Nothing of it has changed that is called "${unknown}".`, {
      next: `Changed: ${findings.map(({ name }) => name).join(", ") || "nothing"}.`,
    });
  if (names.length > 0) return findings.filter(({ name }) => names.includes(name));
  return all ? findings : findings.filter(({ suspicions }) => suspicions.length === 0);
}
