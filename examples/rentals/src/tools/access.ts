import type { Subject } from "callgate";
import type { Booking } from "../business/bookings.ts";
import { BusinessError } from "../business/business-error.ts";
import { rentalsBooks } from "./rentals-backend.ts";

/** The owner that a subject is, where its role is `owner`: its keys are issued to the user `owner_007` and so on. */
export function ownerIdOf(subject: Subject): string | undefined {
  return subject.role === "owner" ? subject.user : undefined;
}

/** Owners touch their own properties; everyone else who sees the tool touches all. */
export async function mayTouchProperty(subject: Subject, propertyId: string): Promise<boolean> {
  return subject.role !== "owner" || (await (await rentalsBooks()).ownerOf(propertyId)) === subject.user;
}

/** Owners touch the bookings of their properties, known clients their own. What does not exist is nobody's. */
export async function mayTouchBooking(subject: Subject, bookingId: string): Promise<boolean> {
  if (subject.role !== "owner" && subject.kind !== "client") return true;
  const parties = await partiesOf(bookingId);
  if (parties === undefined) return false;
  return subject.kind === "client"
    ? parties.guest_id === subject.account
    : await mayTouchProperty(subject, parties.property_id);
}

/** Known clients name themselves alone, whoever put the name in; others name any guest or none. */
export function mayTouchGuest(subject: Subject, guestId: string | undefined): boolean {
  return subject.kind !== "client" || (guestId !== undefined && guestId === subject.account);
}

async function partiesOf(bookingId: string): Promise<Pick<Booking, "property_id" | "guest_id"> | undefined> {
  try {
    return await (await rentalsBooks()).getBooking(bookingId);
  } catch (error) {
    if (error instanceof BusinessError && error.code === "not_found") return undefined;
    throw error;
  }
}
