import type { BackendHost } from "../define/backend-host.ts";
import type { CallLog } from "../define/context.ts";
import { addressWords } from "./address.ts";
import { causeWords, cureOf } from "./cure-of.ts";
import type { LiveUpstream } from "./live-upstream.ts";
import type { Finding } from "./lock/compare-lock.ts";
import type { LockedUpstream } from "./lock/locked.ts";

const SAID_AFTER_MS = 3_000;

/** What a server offers at its first start; undefined where it is not there, and is accepted another time. */
export async function lookFirst(upstream: LiveUpstream, host: BackendHost): Promise<LockedUpstream | undefined> {
  const at = addressWords(upstream.address);
  const waiting = setTimeout(() => {
    const message = "an upstream is waited for, a minute at most: a program may have to be loaded first";
    host.log.info(message, { upstream: upstream.name, at });
  }, SAID_AFTER_MS);
  try {
    return await upstream.look(host);
  } catch (error) {
    const message =
      "an upstream could not be reached, and nothing was accepted before: mend it, and accept it or start the gate again";
    host.log.warn(message, {
      upstream: upstream.name,
      at,
      problem: causeWords(error),
      next: cureOf(error, upstream),
    });
    return undefined;
  } finally {
    clearTimeout(waiting);
  }
}

/**
 * Outside production what a server offers at its first start is accepted as it is, but for what no person would take
 * unseen. Gives what was left.
 */
export function trustFirstUse(upstream: LiveUpstream, now: LockedUpstream, log: CallLog): readonly Finding[] {
  const findings = upstream.findingsIn(now);
  const plain = findings.filter(({ suspicions }) => suspicions.length === 0);
  const suspicious = findings.filter((finding) => !plain.includes(finding));
  upstream.accept(now, plain);
  log.warn("what an upstream offers was accepted at its first start; look at callgate.lock.json and commit it", {
    upstream: upstream.name,
    accepted: plain.length,
    tools: plain.filter(({ list }) => list === "tools").map(({ name }) => name),
  });
  if (suspicious.length > 0)
    log.warn("some of what an upstream offers is suspicious, and not served until a person accepts it", {
      upstream: upstream.name,
      heldBack: suspicious.map(({ name, suspicions: [first] }) => `${name} (${first?.rule ?? ""})`),
      next: `callgate upstreams show ${upstream.name}`,
    });
  return suspicious;
}
