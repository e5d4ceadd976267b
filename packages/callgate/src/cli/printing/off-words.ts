import type { DomainInfo } from "../../operations/domain-schemas.ts";

/** Which write tools are off, why, and what switches them on, for the people who run the gate; undefined where none is. */
export function offWords(domains: readonly DomainInfo[]): string | undefined {
  const off = domains.flatMap(({ write_tools }) => write_tools).filter(({ on }) => !on);
  if (off.length === 0) return undefined;
  const cures = [...new Set(off.map(({ next }) => next ?? ""))];
  return [
    off.length === 1 ? "1 write tool is OFF: nobody sees it." : `${off.length} write tools are OFF: nobody sees them.`,
    ...off.map(({ tool, why }) => `  ${tool}: ${why}`),
    "To switch on:",
    ...cures.map((cure) => `  ${cure.startsWith("callgate ") ? `npx ${cure}` : cure}`),
  ].join("\n");
}
