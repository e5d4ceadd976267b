import { DefinitionError } from "../define/definition-error.ts";
import { anObject, type Kind } from "../settings/kinds.ts";
import { refuseOddFields } from "../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../settings/refuse-odd-values.ts";

interface GivenStore {
  /** The function that declares it. */
  readonly name: string;
  /** What says where it is. Nothing of it is told: it may hold a password. */
  readonly where: unknown;
  readonly whereKind: Kind;
  readonly options: object;
  readonly kinds: Readonly<Record<string, Kind>>;
}

/** Node runs configs unchecked, and a misspelt `retentionDays` that is passed over is a record that is never dropped, or dropped at once. */
export function refuseOddStore({ name, where, whereKind, options, kinds }: GivenStore): void {
  const place = { setting: name };
  if (!whereKind.fits(where)) throw new DefinitionError(place, "nothing says where it is.", whereKind.cure);
  refuseOddValues({ options }, { options: anObject("{ retentionDays: 90 }") }, { place });
  refuseOddFields(options, kinds, place);
}
