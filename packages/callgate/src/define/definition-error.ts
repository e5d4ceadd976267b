/** Where something stands in a gate's definition, by name. */
export interface DefinitionPlace {
  readonly gate?: string;
  /** A part of the gate's config, e.g. `callers.roles.desk`. */
  readonly setting?: string;
  readonly domain?: string;
  readonly tool?: string;
  readonly resource?: string;
  readonly prompt?: string;
}

/** Something in a gate's definition cannot work: where it stands, what is wrong, and the cure. Thrown while the gate is built. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
  readonly domain: string | undefined;
  readonly tool: string | undefined;
  readonly cure: string;

  constructor(place: DefinitionPlace, problem: string, cure: string) {
    const { gate, setting, domain, tool, resource, prompt } = place;
    const where = Object.entries({ gate, setting, domain, tool, resource, prompt }).filter(
      ([, name]) => name !== undefined,
    );
    const words = where.map(([kind, name]) => `${kind} "${name}"`).join(", ");
    super(`${words === "" ? "" : `${words}: `}${problem} ${cure}`);
    this.domain = domain;
    this.tool = tool;
    this.cure = cure;
  }
}
