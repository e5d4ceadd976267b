import { expect, it } from "vitest";
import { lookAlikeName, plainName } from "./plain-name.ts";

it.each([
  ["find_contacts", "findContacts"],
  ["find_contacts", "find.contacts"],
  ["find_contacts", "FIND-CONTACTS"],
  ["find_contacts", "ｆｉｎｄ_contacts"],
  ["v_1", "v1"],
  ["v1_2", "v1.2"],
])("takes %s and %s for one name", (one, other) => {
  expect(plainName(one)).toBe(plainName(other));
  expect(lookAlikeName(one)).toBe(lookAlikeName(other));
});

it.each([
  ["send_mail", "send_rnail"],
  ["find_1_10", "find_l_10"],
  ["view", "vievv"],
  ["pool", "p00l"],
])("takes %s and %s for two names that look alike", (one, other) => {
  expect(plainName(one)).not.toBe(plainName(other));
  expect(lookAlikeName(one)).toBe(lookAlikeName(other));
});

it.each([
  ["find_1_10", "find_11_0"],
  ["report_2_1", "report_21"],
  ["find_contact", "find_contacts"],
])("takes %s and %s for what they are", (one, other) => {
  expect(plainName(one)).not.toBe(plainName(other));
  expect(lookAlikeName(one)).not.toBe(lookAlikeName(other));
});
