import { z } from "zod";
import type { Guest } from "../business/guests.ts";

/** A guest as lists and previews show one: enough to tell people apart, not enough to write to them. */
export const GuestCard = z.object({
  guest_id: z.string(),
  name: z.string(),
  country: z.string().describe("ISO 3166-1, e.g. DE"),
  email: z.string().describe("masked, e.g. a…@example.com"),
  phone: z.string().describe("masked, e.g. +49…01"),
});

/** The card of a guest. */
export function toGuestCard({ guest_id, name, country, email, phone }: Guest): z.infer<typeof GuestCard> {
  return { guest_id, name, country, email: maskEmail(email), phone: maskPhone(phone) };
}

/** `anna@example.com` as `a…@example.com`. */
export function maskEmail(email: string): string {
  return `${email.slice(0, 1)}…${email.slice(email.lastIndexOf("@"))}`;
}

/** A phone number by its beginning and its last two digits. */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}…${phone.slice(-2)}`;
}
