/** Something in a gate's definition cannot work: where it stands, what is wrong, and the cure. Thrown while the gate is built. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
  readonly domain: string | undefined;
  readonly tool: string | undefined;
  readonly cure: string;

  constructor(place: { readonly domain?: string; readonly tool?: string }, problem: string, cure: string) {
    const where = [place.domain && `domain "${place.domain}"`, place.tool && `tool "${place.tool}"`].filter(Boolean);
    super(`${where.length > 0 ? `${where.join(", ")}: ` : ""}${problem} ${cure}`);
    this.domain = place.domain;
    this.tool = place.tool;
    this.cure = cure;
  }
}
