import type { UpstreamInfo } from "../../operations/upstream-schemas.ts";
import { toSeenLine } from "../printing/visible-text.ts";
import type { Terminal } from "../terminal.ts";

/** Nothing is served of a server of which nobody has accepted anything; a list that is short by that does not show it. */
export function sayUnaccepted(upstreams: readonly UpstreamInfo[], terminal: Terminal): void {
  for (const { upstream, state, problem } of upstreams) {
    if (state !== "not_accepted") continue;
    const cause = problem === undefined ? "" : `, and it could not be asked: ${toSeenLine(problem)}`;
    terminal.say(
      `Nobody has accepted what ${upstream} offers${cause}. To accept it: callgate upstreams accept ${upstream}`,
    );
  }
}
