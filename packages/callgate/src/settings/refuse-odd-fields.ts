import { closestTo } from "../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../define/definition-error.ts";
import type { Kind } from "./kinds.ts";
import { refuseOddValues } from "./refuse-odd-values.ts";

/** Refuses a field that there is not, and one that holds what it may not. */
export function refuseOddFields(
  declaration: object,
  kinds: Readonly<Record<string, Kind>>,
  place: DefinitionPlace,
): void {
  refuseUnknownFields(declaration, kinds, place);
  refuseOddValues(declaration, kinds, { place });
}

/** Node runs the sources unchecked, and a misspelt `scope` or `guard` that is passed over is a tool without one. */
export function refuseUnknownFields(declaration: object, known: Readonly<object>, place: DefinitionPlace): void {
  const unknown = Object.keys(declaration).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const near = closestTo(unknown, Object.keys(known));
  throw new DefinitionError(
    place,
    `it has a field "${unknown}", which the gate does not know.`,
    near === undefined ? "Leave it out." : `Did you mean "${near}"?`,
  );
}

/** Refuses what lacks a field that has to be there; the cure is that of its kind. */
export function refuseMissingFields(
  given: object,
  { kinds, needed }: { readonly kinds: Readonly<Record<string, Kind>>; readonly needed: readonly string[] },
  place: DefinitionPlace,
): void {
  const missing = needed.find((name) => Reflect.get(given, name) === undefined);
  if (missing !== undefined) throw new DefinitionError(place, `it has no ${missing}.`, kinds[missing]?.cure ?? "");
}
