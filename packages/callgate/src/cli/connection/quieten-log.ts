/** A command says in its own words what went wrong; the gate's log lines come beside them only where they are asked for. */
export function quietenLog(debug: boolean): void {
  process.env["CALLGATE_LOG"] ||= debug ? "debug" : "fatal";
}
