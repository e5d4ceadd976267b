const exact = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const commit = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** A file or folder of one's own: what is there is what runs. */
const local = /^(?:file:|\.{0,2}[/\\]|[A-Za-z]:[/\\]|~\/)/;
const git = /^(?:git[+:@]|github:|gitlab:|bitbucket:|[\w.-]+\/[\w.-]+(?:#|$))/;

/** Whether an npm package spec names one version: `pkg@1.2.3`, a commit in full, or something local. */
export function isPinnedOnNpm(spec: string): boolean {
  if (local.test(spec)) return true;
  if (!spec.startsWith("@") && git.test(spec)) return commit.test(spec.split("#")[1] ?? "");
  // An address gives what it likes.
  if (/^https?:/.test(spec)) return false;
  const alias = /^[^:]+@npm:(.+)$/.exec(spec);
  if (alias?.[1] !== undefined) return isPinnedOnNpm(alias[1]);
  const at = spec.lastIndexOf("@");
  return at > 0 && exact.test(spec.slice(at + 1));
}

/** Whether a Python package spec names one version: `pkg==1.2.3`, `pkg@1.2.3`, a commit in full, or something local. */
export function isPinnedOnPyPi(spec: string): boolean {
  if (local.test(spec)) return true;
  if (spec.includes("git+")) return commit.test((spec.split("git+")[1] ?? "").split("@").at(-1)?.split("#")[0] ?? "");
  const version = /^[A-Za-z0-9._-]+(?:\[[^\]]*\])?(?:===?|@)([^\s,]+)$/.exec(spec)?.[1];
  return version !== undefined && /^\d+(?:\.\d+)*(?:[A-Za-z0-9.+!-]*)$/.test(version);
}
