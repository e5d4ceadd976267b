/** A URI, or a template of level 1 (RFC 6570): `stays://{city}/today`. */
export interface UriTemplate {
  readonly isTemplate: boolean;
  /** The values of the variables, percent-decoded; undefined where the URI does not fit, or a value leads out of a folder. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

const NO_VALUES: Readonly<Record<string, string>> = Object.freeze({});

/** Reads a resource's address; what is no variable is taken literally. */
export function parseUriTemplate(template: string): UriTemplate {
  const names: string[] = [];
  const pattern = template
    .split(/(\{[A-Za-z0-9_]+\})/)
    .map((part) => {
      const variable = /^\{([A-Za-z0-9_]+)\}$/.exec(part)?.[1];
      if (variable === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(variable);
      return "([^/?#]+)";
    })
    .join("");
  if (names.length === 0) return { isTemplate: false, match: (uri) => (uri === template ? NO_VALUES : undefined) };
  const whole = new RegExp(`^${pattern}$`);
  return { isTemplate: true, match: (uri) => valuesOf(whole.exec(uri), names) };
}

function valuesOf(found: RegExpExecArray | null, names: readonly string[]): Record<string, string> | undefined {
  if (found === null) return undefined;
  try {
    const values = names.map((_, at) => decodeURIComponent(found[at + 1] ?? ""));
    return values.some(leadsAway)
      ? undefined
      : Object.fromEntries(names.map((name, at) => [name, values[at] as string]));
  } catch {
    return undefined;
  }
}

/** A tool may well take a value for the name of a file: none climbs, starts at a root or ends early. */
function leadsAway(value: string): boolean {
  return /(^|[/\\])\.{1,2}([/\\]|$)|^[/\\]|^[A-Za-z]:[/\\]|\0/.test(value);
}
