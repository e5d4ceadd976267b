const OLDEST = [22, 18] as const;

/**
 * Whether the machine's own Node is too old to run a gate. npm names it in what it passes to every command; this process
 * may already run on a newer one that the package brought along.
 */
export function isSystemNodeTooOld(environment: NodeJS.ProcessEnv): boolean {
  const named = /\bnode\/v(\d+)\.(\d+)/.exec(environment["npm_config_user_agent"] ?? "");
  const version = named === null ? process.versions.node.split(".") : named.slice(1);
  const [major = 0, minor = 0] = version.map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
