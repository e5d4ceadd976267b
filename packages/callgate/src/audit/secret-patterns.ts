/** Names of fields whose values are secrets or personal data, whatever tool they belong to; compared without case, `_` and `-`. */
export const secretFieldNames: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "secret",
  "clientsecret",
  "token",
  "accesstoken",
  "refreshtoken",
  "idtoken",
  "apikey",
  "privatekey",
  "authorization",
  "cookie",
  "setcookie",
  "credential",
  "credentials",
  "sessionid",
  "cardnumber",
  "pan",
  "cvv",
  "cvc",
  "iban",
  "ssn",
  "taxid",
  "passport",
  "passportnumber",
  "pin",
  "otp",
];

/** Texts that are secrets wherever they stand. Every pattern starts with something rare, so a look costs little. */
export const secretPatterns: readonly RegExp[] = [
  /cg_[paco]_[0-9a-f]{16}_[A-Za-z0-9_-]{43}/,
  /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/,
  /[Bb]earer [A-Za-z0-9._~+/=-]{16,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/,
  /(?:AKIA|ASIA)[A-Z0-9]{16}/,
  /(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}/,
  /sk-[A-Za-z0-9_-]{20,}/,
  /gh[pousr]_[A-Za-z0-9]{30,}/,
  /xox[abpr]-[A-Za-z0-9-]{10,}/,
];

/** Runs of 13 to 19 digits, with blanks or dashes: a card number where Luhn's sum says so. */
export const cardNumber = /\b\d(?:[ -]?\d){12,18}\b/g;

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
