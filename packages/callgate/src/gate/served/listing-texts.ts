import { isTeam } from "../../callers/visible.ts";
import type { Subject } from "../../define/subject.ts";
import type { Menu } from "./menus.ts";
import type { ServedTool } from "./served.ts";
import { toListing } from "./tool-listing.ts";

/** Tools as they stand in lists, each written once for all who are shown the same of it. */
export class ListingTexts {
  readonly #team = new WeakMap<ServedTool, string>();
  readonly #others = new WeakMap<ServedTool, string>();

  /** JSON text of a list. */
  list(tools: Iterable<ServedTool>, subject: Subject, hides: Menu["hides"]): string {
    const known = isTeam(subject) ? this.#team : this.#others;
    const texts = Array.from(tools, (tool) => {
      const written = known.get(tool);
      if (written !== undefined) return written;
      const text = JSON.stringify(toListing(tool, subject, hides));
      // Whether its successor is named goes by what else they see.
      if (tool.declaration.deprecated?.use === undefined) known.set(tool, text);
      return text;
    });
    return `[${texts.join(",")}]`;
  }
}
