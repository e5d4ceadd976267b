const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The parameters of a function as its source has them; undefined where they cannot be read off it. */
export function parametersOf(source: string): readonly string[] | undefined {
  if (source.includes("[native code]")) return undefined;
  const bare = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  if (bare !== null) return [bare[1] ?? ""];
  const from = source.indexOf("(");
  return from === -1 ? undefined : splitParameters(source.slice(from + 1));
}

function splitParameters(source: string): readonly string[] | undefined {
  const open: string[] = [];
  const parameters = [""];
  for (const letter of source) {
    // A text within may hold anything.
    if (`"'\`/`.includes(letter)) return undefined;
    if (open.length === 0 && letter === ")") return parameters.map((each) => each.trim()).filter((each) => each !== "");
    const closing = CLOSES[letter];
    if (closing !== undefined) open.push(closing);
    else if (letter === open.at(-1)) open.pop();
    if (open.length === 0 && letter === ",") parameters.push("");
    else parameters.push(`${parameters.pop() ?? ""}${letter}`);
  }
  return undefined;
}
