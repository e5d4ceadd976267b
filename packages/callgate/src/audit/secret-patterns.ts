import { anyBeyondAscii, anyDigit, type Sought } from "./word-sieve.ts";

// Callers choose the texts, and the gate stands still while it looks: a pattern may pass over a letter a bounded number
// of times, however the text is made. What a pattern repeats without bound must end where it could begin anew, or say
// by a look behind that it began before. mask-growth.test.ts holds them all to it.

/** Texts that are secrets wherever they stand, by the form their issuers give them. */
const SECRETS = new RegExp(
  [
    /cg_[paco]_[0-9a-f]{16}_[A-Za-z0-9_-]{20,}/,
    // Only at the first "eyJ" of a run: the others end at the same point as it does.
    /eyJ(?<!eyJ[A-Za-z0-9_-]*?eyJ)[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/,
    /(?:[Bb]earer|BEARER)\s+[A-Za-z0-9._~+/=-]{16,}/,
    /(?:[Bb]asic|BASIC)\s+(?=[A-Za-z]*[0-9+/=])[A-Za-z0-9+/]{12,}={0,2}/,
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,40}-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,40}-----|$)/,
    /(?:AKIA|ASIA)[A-Z0-9]{16}/,
    /(?<![A-Za-z0-9])[srp]k[-_][A-Za-z0-9_-]{16,}/,
    /gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}/,
    /xox[a-z]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,}|npm_[A-Za-z0-9]{30,}|whsec_[A-Za-z0-9+/=]{16,}/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

const NAMES =
  /pass(?:word|wd|phrase|code)|pwd|cookie|token|authorization|secret(?:[ _-]?key)?|(?:api|private|signing|encryption|access)[ _-]?key/;
const ASSIGNS = /["']?\s*(?:[=:]>?|>|%3[ad])\s*(?:(?:bearer|basic)\s+)?/;
const VALUE = /"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"',;&)}\]]{4,}/;

/**
 * `password=…`, `"token": "…"`, `<secret>…`: named in the midst of a text. What names it stays. The quotes of JSON
 * that stands as a text within JSON have backslashes before them.
 */
const NAMED = new RegExp(
  `((?:${NAMES.source})\\\\*${ASSIGNS.source})(?!\\\\*\\[masked\\])\\\\*(?:${VALUE.source})`,
  "gi",
);

/** The password in `https://user:password@host`. */
const USERINFO = /(:\/\/[^\s:/@"]*:)[^\s@/"]+(?=@)/g;

/** 14 to 19 digits, plain or in the groups that are printed on cards; Luhn's sum decides. Behind `0.` they are no card. */
const CARD =
  /(?<!\d\.?)(?:[2-6]\d{13,18}|[2-6]\d{3}([ \u00a0.-]{1,2})\d{4}\1\d{4}\1\d{2,7}|3\d{3}([ \u00a0.-]{1,2})\d{6}\2\d{4,5})(?!\d)/g;

const BETWEEN_GROUPS = [" ", ".", "-", anyBeyondAscii];
const GROUP = anyDigit.repeat(4);

/** One of them is true of every text, or JSON text, in which a pattern could match. */
export const patternLooks: readonly Sought[] = [
  {
    pattern: /eyJ|cg_|npm_|AKIA|ASIA|AIza|github_pat_|whsec_|glpat-|-----BEGIN/,
    words: "eyj|cg_|npm_|akia|asia|aiza|github_pat_|whsec_|glpat-|-----begin",
  },
  { pattern: /xox[a-z]-/, words: "xox" },
  { pattern: /gh[pousr]_/, words: "ghp_|gho_|ghu_|ghs_|ghr_" },
  { pattern: /[srp]k[-_]/, words: "sk-|sk_|rk-|rk_|pk-|pk_" },
  { pattern: /(?:bearer|basic)[\s\\]/i, words: "bearer|basic" },
  { pattern: /:\/\/[^\s:/@"]*:/, words: "://" },
  {
    pattern: /[2-6]\d{3}(?:\d{10}|[ \u00a0.-]{1,2}(?:\d{4}[ \u00a0.-]{1,2}\d{4}|\d{6})[ \u00a0.-])/,
    words: [
      anyDigit.repeat(14),
      ...BETWEEN_GROUPS.flatMap((one) => ["", ...BETWEEN_GROUPS].map((other) => `${GROUP}${one}${other}${GROUP}`)),
    ].join("|"),
  },
];

/** Whether a secret stands in a text whose issuer gives it a form of its own. */
export function holdsIssuedSecret(text: string): boolean {
  return text.search(SECRETS) !== -1;
}

/** The text with every secret in it replaced. */
export function maskSecrets(text: string, masked: string): string {
  return text
    .replace(SECRETS, masked)
    .replace(NAMED, `$1${masked}`)
    .replace(USERINFO, `$1${masked}`)
    .replace(CARD, (digits: string) => (passesLuhn(digits) ? masked : digits));
}

/** Luhn's check (ISO/IEC 7812): tells a card number from any other long number. */
export function passesLuhn(text: string): boolean {
  let sum = 0;
  let double = false;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) continue;
    const value = double ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    double = !double;
  }
  return sum % 10 === 0;
}
