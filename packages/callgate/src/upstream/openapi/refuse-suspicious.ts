import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import { suspicionsIn, suspicionWords } from "../lock/suspicious-text.ts";

/** What a model reads of a tool that comes from a document, not from the author. */
export interface ReadByModels {
  readonly description?: string;
  readonly input: unknown;
  readonly output: unknown;
}

/** A document is somebody else's text: what in it speaks to the model has to be said by the author, or left out. */
export function refuseSuspicious(words: ReadByModels, place: DefinitionPlace): void {
  const [first] = suspicionsIn(words);
  if (first === undefined) return;
  throw new DefinitionError(
    place,
    `its document has ${suspicionWords[first.rule] ?? first.rule} (${first.rule}) at ${first.pointer}: ${first.excerpt}`,
    "Say it in your own words: `description` for the tool, `input` and `output` for what stands in the schemas.",
  );
}
