import { isUtf8 } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Finding, Mend } from "../finding.ts";
import { sourceFilesIn } from "../source-files.ts";
import type { SourceFolders, SourcePlace } from "../source-places.ts";

/** A finding that is none any more, and where its source was changed. */
export interface Mended {
  readonly finding: Finding;
  readonly source: SourcePlace;
}

type Texts = ReadonlyMap<string, string>;

/**
 * Makes the changes that findings offer in the sources of `root`. One whose place is not told beyond doubt is left to
 * people, and its sources as they are. Gives what was mended; paths are relative to `from`.
 */
export function mendSources(findings: readonly Finding[], { root, from }: SourceFolders): readonly Mended[] {
  const before = readAll(root);
  const mended: Mended[] = [];
  let texts = before;
  for (const finding of findings) {
    const change = finding.mends && changeBy(texts, finding.mends);
    if (change === undefined) continue;
    texts = change.texts;
    mended.push({ finding, source: { path: relative(from, change.file), line: change.line } });
  }
  for (const [file, text] of texts) if (text !== before.get(file)) writeFileSync(file, text);
  return mended;
}

interface Change {
  readonly texts: Texts;
  readonly file: string;
  readonly line: number;
}

/** All of them, one after the other; undefined where one has no place, or more than one. */
function changeBy(before: Texts, mends: readonly Mend[]): Change | undefined {
  let change: Change | undefined;
  for (const mend of mends) {
    const next = changeOnce(change?.texts ?? before, mend);
    if (next === undefined) return undefined;
    change = { ...(change ?? next), texts: next.texts };
  }
  return change;
}

function changeOnce(texts: Texts, { find, put }: Mend): Change | undefined {
  const found = [...texts].flatMap(([file, text]) => [...text.matchAll(find)].map((match) => ({ file, text, match })));
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  const { file, text, match } = only;
  const changed = text.slice(0, match.index) + put + text.slice(match.index + match[0].length);
  return { texts: new Map(texts).set(file, changed), file, line: text.slice(0, match.index).split("\n").length };
}

/** Sources that are UTF-8: of others nothing is to be written back. */
function readAll(root: string): Texts {
  const files = sourceFilesIn(root).map((path) => join(root, path));
  const read = files.map((file) => [file, readFileSync(file)] as const);
  return new Map(read.filter(([, bytes]) => isUtf8(bytes)).map(([file, bytes]) => [file, bytes.toString("utf8")]));
}
