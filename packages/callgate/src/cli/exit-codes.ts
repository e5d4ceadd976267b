/** Why a command ended as it did. */
export type ExitReason = "ok" | "failed" | "usage" | "refused" | "cannotStart" | "unreachable" | "declined" | "broken";

/** What each exit code of `callgate` means; `callgate help exit-codes` prints them. */
export const exitCodes: Readonly<Record<ExitReason, readonly [number, string]>> = {
  ok: [0, "It was done."],
  failed: [1, "The call failed, or a check found something wrong: what and what to do next stand on stderr."],
  usage: [2, "The command line is wrong, or a question could not be asked: there is no terminal, and no --yes."],
  refused: [3, "The gate refused the caller: no key, a wrong or expired one, or one that may not do this."],
  cannotStart: [4, "The gate could not start: its config, a backend, the store or the port."],
  unreachable: [5, "No gate was found here, or the one that was named does not answer."],
  declined: [6, "You looked at the preview and said no. Nothing was done."],
  broken: [7, "A change of the tools breaks those who call them, and has no new version."],
};

export function exitCodeTable(): string {
  const lines = Object.values(exitCodes).map(([code, meaning]) => `  ${code}    ${meaning}`);
  return ["Exit codes:", ...lines, "  130  Interrupted by Ctrl-C; 143 by SIGTERM.", ""].join("\n");
}
