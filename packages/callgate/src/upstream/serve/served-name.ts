import type { UpstreamRules, UpstreamTool } from "../upstream-options.ts";

/** The name under which a tool or prompt is served. */
export function servedName(theirs: string, settings: UpstreamTool, { prefix = "" }: UpstreamRules): string {
  return settings.as ?? `${prefix}${theirs}`;
}
