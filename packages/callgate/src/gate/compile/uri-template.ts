/** A URI, or a template of level 1 (RFC 6570): `stays://{city}/today`. */
export interface UriTemplate {
  readonly isTemplate: boolean;
  /** The values of the variables, percent-decoded; undefined where the URI does not fit, or a value leads out of a folder. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

const NO_VALUES: Readonly<Record<string, string>> = Object.freeze({});
/** Variables take in nothing longer: what a caller may make of an address has an end. */
const LONGEST_URI = 8_192;
const SEPARATOR = /([/?#])/;

/** Reads a resource's address; what is no variable is taken literally. */
export function parseUriTemplate(template: string): UriTemplate {
  const names = [...template.matchAll(/\{([A-Za-z0-9_]+)\}/g)].map(([, name]) => name as string);
  if (names.length === 0) return { isTemplate: false, match: (uri) => (uri === template ? NO_VALUES : undefined) };
  const parts = template.split(SEPARATOR).map((part) => part.split(/\{[A-Za-z0-9_]+\}/));
  return { isTemplate: true, match: (uri) => valuesOf(takenBy(parts, uri), names) };
}

/** What the variables take: no backtracking, for no variable reaches beyond its part between separators. */
function takenBy(parts: readonly (readonly string[])[], uri: string): readonly string[] | undefined {
  if (uri.length > LONGEST_URI) return undefined;
  const given = uri.split(SEPARATOR);
  if (given.length !== parts.length) return undefined;
  const taken: string[] = [];
  for (const [at, literals] of parts.entries()) {
    const values = takenWithin(literals, given[at] as string);
    if (values === undefined) return undefined;
    taken.push(...values);
  }
  return taken;
}

/** Literals are found from the end, each as late as it can be: the first variables take the most, and each something. */
function takenWithin(literals: readonly string[], part: string): readonly string[] | undefined {
  const [first = "", ...others] = literals;
  if (others.length === 0) return part === first ? [] : undefined;
  const last = others.pop() as string;
  if (!part.startsWith(first) || !part.endsWith(last)) return undefined;
  const values: string[] = [];
  let end = part.length - last.length;
  for (const literal of others.toReversed()) {
    const latest = end - 1 - literal.length;
    const begin = latest < 0 ? -1 : part.lastIndexOf(literal, latest);
    if (begin < 0) return undefined;
    values.unshift(part.slice(begin + literal.length, end));
    end = begin;
  }
  return end > first.length ? [part.slice(first.length, end), ...values] : undefined;
}

function valuesOf(taken: readonly string[] | undefined, names: readonly string[]): Record<string, string> | undefined {
  if (taken === undefined) return undefined;
  try {
    const values = taken.map(decodeURIComponent);
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
