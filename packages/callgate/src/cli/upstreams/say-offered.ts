import { toFindingInfo } from "../../operations/upstream-schemas.ts";
import { addressWords } from "../../upstream/address.ts";
import type { LiveUpstream } from "../../upstream/live-upstream.ts";
import type { Finding } from "../../upstream/lock/compare-lock.ts";
import { type LockedUpstream, nameIn } from "../../upstream/lock/locked.ts";
import { effectOf, isReadByPattern } from "../../upstream/serve/effect-of.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { toSeenLine } from "../printing/visible-text.ts";
import type { Terminal } from "../terminal.ts";
import { findingLines } from "./finding-lines.ts";
import { block, offeredLines } from "./offered-lines.ts";

/** What a server offers now, and what of it a person is about to accept. */
export interface Offered {
  readonly upstream: LiveUpstream;
  readonly now: LockedUpstream;
  readonly chosen: readonly Finding[];
  /** It is not accepted with the others. */
  readonly left: readonly Finding[];
}

/** Shows all that would be accepted, beside what was accepted before, wherever the server was then. */
export function sayOffered({ upstream, now, chosen, left }: Offered, terminal: Terminal): void {
  const before = upstream.acceptedAnywhere;
  sayAddress(upstream, terminal);
  for (const finding of chosen) terminal.data(shown(finding, { now, before, upstream }));
  sayInstructions(now, before, terminal);
  if (left.length === 0) return;
  terminal.say(`Left as it is, ${left.length}:`);
  for (const finding of left) terminal.say(findingLines(toFindingInfo(finding)).join("\n"));
  terminal.say(`Accept what you have read by its name: callgate upstreams accept ${upstream.name} <name…>, or --all.`);
}

function sayAddress({ name, address, accepted, acceptedAnywhere }: LiveUpstream, terminal: Terminal): void {
  if (accepted !== undefined) return;
  const at = toSeenLine(addressWords(address));
  const was = acceptedAnywhere && toSeenLine(addressWords(acceptedAnywhere.address));
  terminal.say(was === undefined ? `${name} is new at ${at}.` : `${name} is at ${at} now; it was accepted at ${was}.`);
}

interface Showing {
  readonly now: LockedUpstream;
  readonly before: LockedUpstream | undefined;
  readonly upstream: LiveUpstream;
}

/** Nothing is accepted that is not shown. */
function shown({ list, name, ...finding }: Finding, { now, before, upstream }: Showing): string {
  const lines = findingLines(toFindingInfo({ list, name, ...finding }));
  const [is, was] = [now, before].map((each) => each?.[list].find((item) => nameIn(list, item) === name)?.listed);
  if (is === undefined) return lines.join("\n");
  const effect = list === "tools" ? [`  effect  ${effectWords(is, upstream)}`] : [];
  return [...lines, ...effect, ...offeredLines(list, is, was)].join("\n");
}

function effectWords(listed: JsonObject, { options }: LiveUpstream): string {
  if (isReadByPattern(listed, options)) return "read, by a pattern of the config alone: the server does not say so";
  return effectOf(listed, options);
}

/** They are accepted with whatever else is. */
function sayInstructions(now: LockedUpstream, before: LockedUpstream | undefined, terminal: Terminal): void {
  if (now.instructions === before?.instructions) return;
  if (before?.instructions !== undefined) terminal.data(`instructions were  ${block(before.instructions)}`);
  terminal.data(`instructions are  ${block(now.instructions ?? "(none)")}`);
}
