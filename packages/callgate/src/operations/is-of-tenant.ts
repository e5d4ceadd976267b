import type { Subject } from "../define/subject.ts";

/** What belongs to another tenant is not there for somebody who belongs to one. */
export function isOfTenant(subject: Subject, tenant: string | undefined): boolean {
  return subject.tenant === undefined || subject.tenant === tenant;
}
