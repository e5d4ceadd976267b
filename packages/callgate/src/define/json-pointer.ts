/** The names on the way of a JSON Pointer (RFC 6901). */
export function pointerSteps(pointer: string): readonly string[] {
  return pointer.split("/").slice(1).map(nameOfStep);
}

/**
 * The names on the way of a reference into its own document (`#/$defs/stay`), each decoded by itself, as validators do.
 * Undefined where the reference leads out of the document or cannot be decoded.
 */
export function referenceSteps(reference: string): readonly string[] | undefined {
  if (!reference.startsWith("#")) return undefined;
  try {
    return reference
      .split("/")
      .slice(1)
      .map((step) => nameOfStep(decodeURIComponent(step)));
  } catch {
    return undefined;
  }
}

/** What these names lead to; undefined where there is nothing, as without names. */
export function follow(root: unknown, steps: readonly string[] | undefined): unknown {
  if (steps === undefined) return undefined;
  let node = root;
  for (const name of steps) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as Readonly<Record<string, unknown>>)[name];
  }
  return node;
}

/** A name as one step of a JSON Pointer. */
export function stepOf(name: string): string {
  return /[~/]/.test(name) ? name.replaceAll("~", "~0").replaceAll("/", "~1") : name;
}

/** The name that a step of a JSON Pointer stands for. */
export function nameOfStep(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
