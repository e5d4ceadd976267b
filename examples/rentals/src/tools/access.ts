import type { Subject } from "callgate";
import { BusinessError } from "../business/business-error.ts";
import { rentalsBooks } from "./rentals-backend.ts";

/** The owner that a subject is, where its role is `owner`: its keys are issued to the user `owner_007` and so on. */
export function ownerIdOf(subject: Subject): string | undefined {
  return subject.role === "owner" ? subject.user : undefined;
}

/** Owners touch their own properties; everyone else who sees the tool touches all. */
export function mayTouchProperty(subject: Subject, propertyId: string): boolean {
  return subject.role !== "owner" || rentalsBooks().ownerOf(propertyId) === subject.user;
}

/** Owners touch the bookings of their properties, known clients their own. What does not exist is nobody's. */
export function mayTouchBooking(subject: Subject, bookingId: string): boolean {
  if (subject.role !== "owner" && subject.kind !== "client") return true;
  const parties = partiesOf(bookingId);
  if (parties === undefined) return false;
  return subject.kind === "client"
    ? parties.guest_id === subject.account
    : mayTouchProperty(subject, parties.property_id);
}

/** Known clients name themselves alone, whoever put the name in; others name any guest or none. */
export function mayTouchGuest(subject: Subject, guestId: string | undefined): boolean {
  return subject.kind !== "client" || (guestId !== undefined && guestId === subject.account);
}

function partiesOf(bookingId: string): { readonly property_id: string; readonly guest_id: string } | undefined {
  try {
    return rentalsBooks().getBooking(bookingId);
  } catch (error) {
    if (error instanceof BusinessError && error.code === "not_found") return undefined;
    throw error;
  }
}
