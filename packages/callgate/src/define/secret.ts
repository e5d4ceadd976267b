/** A secret by reference: where it is, never what it is. Resolved when the gate starts. */
export interface SecretReference {
  readonly kind: "env" | "file";
  readonly name: string;
  readonly optional: boolean;
}

/** The environment variable `name`. */
export function env(name: string): SecretReference {
  return { kind: "env", name, optional: false };
}

/** The content of a file, without the line end. */
export function file(path: string): SecretReference {
  return { kind: "file", name: path, optional: false };
}

/** The same reference, but the gate starts where it is not there; the backend then gets `undefined`. */
export function optional(reference: SecretReference): SecretReference {
  return { ...reference, optional: true };
}
