import { defineDomain } from "callgate";
import { z } from "zod";
import type { Business } from "../business/open-business.ts";
import type { ContactChange } from "../business/update-guest-contact.ts";
import { GuestId, nextCursor, paging } from "./booking-schemas.ts";
import { businessCall } from "./business-call.ts";
import { GuestCard, maskEmail, maskPhone, toGuestCard } from "./guest-card.ts";
import { rentalsBackend } from "./rentals-backend.ts";

const TEAM = ["team"];
const FIND_GUEST = "Call search_guests for ids that exist.";

/** The people who stay. */
export const guests = defineDomain<Business>("guests", {
  owner: "team-guests",
  purpose: "Finding guests and keeping their contact details right.",
  concern: "Contact details are shown to those alone who need them, and changed only for the guest who asked.",
  backend: rentalsBackend,
  smoke: {
    checks: [{ call: "get_guest", with: { guest_id: "guest_00042" } }],
    refusesWrites: (business) => business.changeNothing(),
  },
});

guests.read("search_guests", {
  description:
    "Search guests by words of their name, email or phone; all words must occur. Gives cards with masked contact details. " +
    "Use it to find the guest_id that other tools take.",
  scope: "guests:read",
  modes: TEAM,
  input: z.object({ text: z.string().min(2).max(100).describe("e.g. anna becker, or +4930"), ...paging }),
  output: z.object({ guests: z.array(GuestCard), next_cursor: nextCursor }),
  run: async ({ text, limit, cursor }, { backend }) => {
    const { items, next } = await businessCall(() => backend.searchGuests({ text, limit, after: cursor }));
    return { guests: items.map(toGuestCard), ...(next !== undefined && { next_cursor: next }) };
  },
});

guests.read("get_guest", {
  description:
    "Get one guest by id, with masked contact details. include=contact adds the full email and phone, for writing to or " +
    "calling the guest; it needs the scope guests:contact. Use search_guests where only the name is known.",
  scope: "guests:read",
  modes: TEAM,
  input: z.object({ guest_id: GuestId }),
  output: GuestCard,
  include: { contact: z.object({ email: z.string(), phone: z.string() }) },
  run: async ({ guest_id }, { backend, include, requireScope }) => {
    if (include.has("contact")) requireScope("guests:contact");
    const guest = await businessCall(() => backend.getGuest(guest_id), FIND_GUEST);
    const { email, phone } = guest;
    return { ...toGuestCard(guest), ...(include.has("contact") && { contact: { email, phone } }) };
  },
});

guests.write("update_guest_contact", {
  description:
    "Change a guest's email, phone or both, when the guest has given new ones. Use dry_run first and read both old and new " +
    "back to the guest.",
  scope: "guests:write",
  modes: TEAM,
  input: z
    .object({
      guest_id: GuestId,
      email: z.email().optional().describe("The new address; left out, it stays"),
      phone: z
        .string()
        .regex(/^\+[1-9]\d{6,14}$/)
        .optional()
        .describe("The new number as +country and digits; left out, it stays"),
    })
    .refine(({ email, phone }) => email !== undefined || phone !== undefined, "give email, phone or both")
    .meta({ examples: [{ guest_id: "guest_00042", phone: "+4930123456" }] }),
  output: z.object({ guest_id: z.string(), email: z.string(), phone: z.string() }).describe("Masked, as they are now"),
  plan: (input, { backend }) =>
    businessCall(async () => {
      const change = await backend.previewContactChange(input);
      return {
        preview: {
          action: "update_guest_contact",
          guest: (await backend.getGuest(input.guest_id)).name,
          ...toMaskedContact(change),
          previous_email: maskEmail(change.previous_email),
          previous_phone: maskPhone(change.previous_phone),
        },
        update: input,
      };
    }, FIND_GUEST),
  commit: async ({ update }, { backend, idempotencyKey }) =>
    toMaskedContact(await businessCall(() => backend.updateGuestContact(update, { key: idempotencyKey }))),
  lookup: async (key, { backend }) => {
    const change = await backend.contactChangeByKey(key);
    return change === undefined ? undefined : toMaskedContact(change);
  },
});

function toMaskedContact({ guest_id, email, phone }: ContactChange): {
  guest_id: string;
  email: string;
  phone: string;
} {
  return { guest_id, email: maskEmail(email), phone: maskPhone(phone) };
}
