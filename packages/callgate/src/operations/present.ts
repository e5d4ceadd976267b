/** Fields of which those that may be undefined are optional. */
export type Present<Fields> = {
  [Field in keyof Fields as undefined extends Fields[Field] ? never : Field]: Fields[Field];
} & {
  [Field in keyof Fields as undefined extends Fields[Field] ? Field : never]?: Exclude<Fields[Field], undefined>;
};

/** The fields that have a value: absent ones are left out of a query or an answer, not there as null. */
export function present<Fields extends object>(fields: Fields): Present<Fields> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  // The entries are those of `fields`, so the names and values are its own.
  return Object.fromEntries(known) as Present<Fields>;
}
