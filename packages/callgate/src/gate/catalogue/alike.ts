import { toStem } from "./stem.ts";

/** Words that say the same of a tool. Few, and of no trade: what a team calls its own things stands in its descriptions. */
const ALIKE = [
  "find search look lookup query locate",
  "list show display all overview",
  "read fetch retrieve view open see",
  "create add new make open start set insert register",
  "update change edit modify adjust correct fix",
  "move transfer shift reschedule postpone",
  "delete remove erase drop purge",
  "cancel void revoke withdraw call_off terminate",
  "send email mail message write text notify dispatch",
  "reply answer respond response",
  "approve accept confirm agree allow",
  "reject decline deny refuse",
  "stop pause halt end",
  "restart reboot retry rerun again",
  "restore revert undo rollback back",
  "assign give hand delegate",
  "share permission access right",
  "customer client buyer",
  "employee colleague staff worker hire",
  "supplier vendor",
  "applicant candidate",
  "file document",
  "article product item sku",
  "issue ticket bug task problem",
  "meeting event appointment",
  "booking reservation stay",
  "property home apartment flat house",
  "invoice bill",
  "price rate cost fee tariff",
  "charge pay payment",
  "refund reimburse money",
  "vacation leave holiday absence",
  "alert alarm",
  "outage incident",
  "parcel package shipment box",
  "contract agreement",
  "company firm organisation organization business",
  "person people user member",
  "picture photo image",
  "forecast estimate predict expect",
  "result performance outcome",
].map((line) => line.split(" ").map(toStem));

const alike = new Map<string, Set<string>>();
for (const group of ALIKE) {
  for (const word of group) {
    const others = alike.get(word) ?? new Set();
    for (const other of group) if (other !== word) others.add(other);
    alike.set(word, others);
  }
}

/** Words that may stand in a description in place of this one. */
export function wordsLike(word: string): Iterable<string> {
  return alike.get(word) ?? [];
}
