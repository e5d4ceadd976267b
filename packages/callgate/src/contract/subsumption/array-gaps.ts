import type { Conjunction } from "./conjunction.ts";
import { leastOf, mostOf } from "./scalar-gaps.ts";
import { type SchemaNode, takesNothing } from "./schema-document.ts";
import { gapAt, type KeywordGaps, type Proof, type Situation } from "./situation.ts";

function prefixOf({ schema }: SchemaNode): number {
  const { prefixItems } = schema;
  return Array.isArray(prefixItems) ? prefixItems.length : 0;
}

/** What holds for the item at a position; of those after all prefixes where there is no position. */
function itemAt(narrow: Conjunction, position: number): Conjunction {
  return narrow.flatMap((node) => {
    if (position < prefixOf(node)) return [node.document.child(node, "prefixItems", position)];
    return Object.hasOwn(node.schema, "items") ? [node.document.child(node, "items")] : [];
  });
}

/** The longest prefix: after it every position is like the next. */
function longestPrefix(narrow: Conjunction): number {
  return Math.max(0, ...narrow.map(prefixOf));
}

function mostItems(narrow: Conjunction): number {
  const closed = narrow.filter(
    (node) => Object.hasOwn(node.schema, "items") && takesNothing(node.document.child(node, "items")),
  );
  return Math.min(mostOf(narrow, "maxItems"), ...closed.map(prefixOf));
}

function leastItems(narrow: Conjunction): number {
  const found = narrow.filter(({ schema }) => Object.hasOwn(schema, "contains"));
  return Math.max(leastOf(narrow, "minItems"), ...found.map(({ schema }) => (schema["minContains"] as number) ?? 1));
}

/** Arrays that could be neither long nor short enough, or must hold what there is not. */
export function hasNoArray(narrow: Conjunction, proof: Proof): boolean {
  const least = leastItems(narrow);
  if (least > mostItems(narrow)) return true;
  const positions = Math.min(least, longestPrefix(narrow) + 1);
  return Array.from({ length: positions }, (_, position) => itemAt(narrow, position)).some((item) =>
    proof.isEmptyWithin(item),
  );
}

const prefixGaps: KeywordGaps = ({ narrow, wide, proof }) => {
  const most = Math.min(prefixOf(wide), mostItems(narrow));
  return Array.from({ length: most }, (_, position) => position).flatMap((position) =>
    proof.lacksWithin(itemAt(narrow, position), wide.document.child(wide, "prefixItems", position)),
  );
};

const itemsGaps: KeywordGaps = ({ narrow, wide, proof }) => {
  const items = wide.document.child(wide, "items");
  const first = prefixOf(wide);
  const last = Math.max(first, longestPrefix(narrow));
  const most = mostItems(narrow);
  const positions = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return positions
    .filter((position) => position < most)
    .flatMap((position) => proof.lacksWithin(itemAt(narrow, position), items));
};

const uniqueGaps: KeywordGaps = (situation) => {
  const { narrow, wide } = situation;
  const isKept =
    wide.schema["uniqueItems"] !== true ||
    mostItems(narrow) <= 1 ||
    narrow.some(({ schema }) => schema["uniqueItems"] === true);
  return isKept ? [] : [gapAt(situation, "uniqueItems")];
};

const containsGaps: KeywordGaps = (situation) => {
  const { wide } = situation;
  const { minContains = 1, maxContains = Infinity } = wide.schema as { minContains?: number; maxContains?: number };
  const enough = minContains === 0 || hasEnough(situation, minContains);
  const few = maxContains === Infinity || hasFew(situation, maxContains);
  return enough && few ? [] : [gapAt(situation, "contains")];
};

/** The narrow side's own demand, where one is at least as much; or every item counts, and there are enough of them. */
function hasEnough({ narrow, wide, proof }: Situation, wanted: number): boolean {
  const item = wide.document.child(wide, "contains");
  const isDemanded = narrow.some((node) => {
    if (!Object.hasOwn(node.schema, "contains") || ((node.schema["minContains"] as number) ?? 1) < wanted) return false;
    return proof.lacksWithin([node.document.child(node, "contains")], item).length === 0;
  });
  if (isDemanded) return true;
  if (leastItems(narrow) < wanted) return false;
  const positions = Array.from({ length: Math.min(wanted, longestPrefix(narrow) + 1) }, (_, position) => position);
  return positions.every((position) => proof.lacksWithin(itemAt(narrow, position), item).length === 0);
}

function hasFew({ narrow, wide, proof }: Situation, most: number): boolean {
  if (mostItems(narrow) <= most) return true;
  const item = wide.document.child(wide, "contains");
  return narrow.some((node) => {
    const { contains, maxContains } = node.schema as { contains?: unknown; maxContains?: number };
    if (contains === undefined || maxContains === undefined || maxContains > most) return false;
    return proof.lacksWithin([item], node.document.child(node, "contains")).length === 0;
  });
}

/** Keywords of arrays. `minContains` and `maxContains` are judged with `contains`. */
export const arrayKeywords: Readonly<Record<string, KeywordGaps>> = {
  minItems: (situation) =>
    leastItems(situation.narrow) >= (situation.wide.schema["minItems"] as number) ? [] : [gapAt(situation, "minItems")],
  maxItems: (situation) =>
    mostItems(situation.narrow) <= (situation.wide.schema["maxItems"] as number) ? [] : [gapAt(situation, "maxItems")],
  uniqueItems: uniqueGaps,
  prefixItems: prefixGaps,
  items: itemsGaps,
  contains: containsGaps,
};
