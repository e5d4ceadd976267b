import type { UpstreamInfo } from "../../operations/upstream-schemas.ts";
import { toSeenLine } from "../printing/visible-text.ts";
import type { Terminal } from "../terminal.ts";

/** Says of each server that is not whole what is wrong: a list that is short by that does not show it. */
export function sayTrouble(upstreams: readonly UpstreamInfo[], terminal: Terminal): void {
  for (const each of upstreams) {
    const words = troubleWords(each);
    if (words !== undefined) terminal.say(words);
  }
}

/** In one line what is wrong with a server, and the command that tells more or mends it; undefined of one that is as it was accepted. */
export function troubleWords(info: UpstreamInfo): string | undefined {
  const { upstream, state, accepted_address: before = "elsewhere" } = info;
  const unasked = unaskedWords(info);
  const accept = `${unasked === undefined ? "To accept it" : "Then accept it"}: npx callgate upstreams accept ${upstream}`;
  if (state === "not_accepted")
    return `Nothing is served of ${upstream}: nobody has accepted what it offers${and(unasked)}. ${accept}`;
  if (state === "address_changed")
    return `Nothing is served of ${upstream}: it was accepted at ${toSeenLine(before)}, not where it is now${and(unasked)}. ${accept}`;
  const show = `npx callgate upstreams show ${upstream}`;
  if (unasked !== undefined) return `${upstream} is down: ${unasked}. How it stands: ${show}`;
  if (state === "not_reached") return `${upstream} has not been reached yet. How it stands: ${show}`;
  if (state === "accepted") return undefined;
  return `${upstream} offers something else than was accepted: ${differences(info)}. To see what: ${show}`;
}

/** Why it could not be asked, and what a person does about it, without the last full stop. */
function unaskedWords({ problem, next }: UpstreamInfo): string | undefined {
  if (problem === undefined) return undefined;
  return [problem, next ?? ""]
    .map((words) => toSeenLine(words).replace(/\.+$/, ""))
    .filter((words) => words !== "")
    .join(". ");
}

function and(unasked: string | undefined): string {
  return unasked === undefined ? "" : `, and it could not be asked: ${unasked}`;
}

function differences({ withdrawn, held_back: heldBack, changed }: UpstreamInfo): string {
  const counts: readonly (readonly [number, string])[] = [
    [withdrawn, "withdrawn"],
    [heldBack, "held back until a person accepts it"],
    [changed, "served as it was accepted"],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(", ");
}
