/** A URI, or a template of level 1 (RFC 6570): `stays://{city}/today`. */
export interface UriTemplate {
  readonly isTemplate: boolean;
  /** The values of the variables, percent-decoded; undefined where the URI does not fit. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

const NO_VALUES: Readonly<Record<string, string>> = Object.freeze({});

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
    return Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? "")]));
  } catch {
    return undefined;
  }
}
