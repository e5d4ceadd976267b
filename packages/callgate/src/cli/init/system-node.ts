const OLDEST = [22, 18] as const;

/**
 * Whether the machine's own Node is too old to run a gate. Our launcher names the one that it has left for a newer one
 * that the package brought along, and npm the one it runs on; else it is the one of this process.
 */
export function isSystemNodeTooOld(environment: NodeJS.ProcessEnv): boolean {
  const [, ofNpm] = /\bnode\/v([\d.]+)/.exec(environment["npm_config_user_agent"] ?? "") ?? [];
  const version = environment["CALLGATE_SYSTEM_NODE"] ?? ofNpm ?? process.versions.node;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
