/** What a server demands of whoever it has refused: the parameters of `Bearer` in its `WWW-Authenticate` (RFC 6750, RFC 9728). */
export interface Challenge {
  readonly error?: string;
  readonly scope?: string;
  readonly resource_metadata?: string;
}

const BEARER = /(?:^|,)\s*bearer(?:\s+|$)/i;
/** Until a word follows that is no parameter: another scheme. */
const PARAMETER = /^\s*,?\s*([a-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/i;
const MOST_LETTERS = 4_000;

/** Empty where the server says nothing of the kind. */
export function parseChallenge(header: string | undefined): Challenge {
  const text = (header ?? "").slice(0, MOST_LETTERS);
  const begins = BEARER.exec(text);
  if (begins === null) return {};
  const found: Record<string, string> = {};
  let rest = text.slice(begins.index + begins[0].length);
  for (let match = PARAMETER.exec(rest); match !== null; match = PARAMETER.exec(rest)) {
    const [whole, name = "", quoted, plain = ""] = match;
    found[name.toLowerCase()] ??= quoted === undefined ? plain : quoted.replace(/\\(.)/g, "$1");
    rest = rest.slice(whole.length);
  }
  return found;
}
