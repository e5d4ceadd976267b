const SEPARATORS = /[._\s-]+/;

/**
 * One form for names that a person or a rule takes for one another: of letters alone, whatever their case, their width and
 * what separates them. Between two digits a separator counts: 1_10 and 11_0 are other numbers to everybody.
 */
export function plainName(name: string): string {
  return joined(name.normalize("NFKC").toLowerCase().split(SEPARATORS), /\d/);
}

/** One form for names that the eye takes for one another: `send_mail`, `send_rnail`, `Send-Mai1`. */
export function lookAlikeName(name: string): string {
  const parts = name.normalize("NFKC").toLowerCase().split(SEPARATORS);
  return joined(parts.map(asSeen), /[\dlo]/);
}

function asSeen(part: string): string {
  return part.replaceAll("rn", "m").replaceAll("vv", "w").replaceAll("0", "o").replaceAll(/[1i|]/g, "l");
}

/** Parts as one word; what separates them stays where both may be read as numbers. */
function joined([first = "", ...rest]: readonly string[], numeral: RegExp): string {
  const isNumeral = (letter: string | undefined): boolean => letter !== undefined && numeral.test(letter);
  return rest.reduce((word, part) => `${word}${isNumeral(word.at(-1)) && isNumeral(part[0]) ? "_" : ""}${part}`, first);
}
