/** Cents of a currency as people read them: `182.40 EUR`. */
export function toMoney(cents: number, currency: string): string {
  return `${(cents / 100).toFixed(2)} ${currency}`;
}
