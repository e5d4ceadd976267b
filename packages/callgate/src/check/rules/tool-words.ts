import { numberOf, UNSEEN } from "../../approvals/unseen.ts";
import { closestTo } from "../../define/closest.ts";
import { isOpenApi } from "../../upstream/openapi/is-openapi.ts";
import type { CheckedGate, CheckedTool } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import { withoutUnseen } from "../mends/without-unseen.ts";
import type { RulesOf } from "../rule.ts";
import { steeringWords } from "../words/steering-words.ts";
import { isVerb } from "../words/verbs.ts";
import { wordStems, wordsOfName } from "../words/word-stems.ts";

const FEWEST_WORDS = 5;
const MOST_LETTERS = 1_000;
const SAYS_WHEN =
  /\b(?:use|call|when|whenever|before|after|instead|first|once|unless|if|for (?:a|an|the|one|single|questions?|who|which)|to (?:see|find|show|know|choose|check|learn|decide|get|tell))\b/i;

type WordRule =
  | "verb-first"
  | "description-thin"
  | "description-repeats"
  | "description-use"
  | "description-long"
  | "steering-text"
  | "hidden-letters";

/** How tools are called and described. */
export const toolWords: RulesOf<WordRule> = {
  "verb-first": {
    severity: "warning",
    finds: "a tool whose name does not begin with a verb",
    reason:
      "A model chooses by the name first. A verb says what happens: `find_bookings` looks, `bookings` may do anything.",
    cure: "Begin with what it does: `find_…`, `create_…`, `cancel_…`. `renamed: { from: […] }` keeps old calls working; `as` renames what a server brings.",
    find: ({ tools }) => tools.flatMap(verbFirst),
  },
  "description-thin": {
    severity: "warning",
    isOfServers: true,
    finds: `a description of fewer than ${FEWEST_WORDS} words`,
    reason: "A model that cannot tell from the list what a tool gives tries it out, or passes it by.",
    cure: "Say what it does, what it gives, and when to use it.",
    find: ({ tools }) =>
      tools
        .filter(({ served }) => wordsIn(served.description) < FEWEST_WORDS)
        .map((tool) =>
          at(tool, `Its description is ${JSON.stringify(tool.served.description)}: too little to choose by.`),
        ),
  },
  "description-repeats": {
    severity: "warning",
    isOfServers: true,
    finds: "a description that says only what the name says",
    reason: "It costs tokens and helps nobody to choose.",
    cure: "Say what the name does not: which of them, what is in the answer, what it is for.",
    find: ({ tools }) =>
      tools.filter(repeatsName).map((tool) => at(tool, "Its description says nothing that its name does not.")),
  },
  "description-use": {
    severity: "note",
    isOfServers: true,
    finds: "a description that does not seem to say when to use the tool",
    reason: "Among several tools that would do, a model takes the one that says it is for this.",
    cure: "Add a sentence: `Use it to …`, `Use get_booking for one booking`.",
    find: ({ tools }) =>
      tools
        .filter(({ served }) => !SAYS_WHEN.test(served.description))
        .map((tool) => at(tool, "Its description does not say when to use it.")),
  },
  "description-long": {
    severity: "warning",
    isOfServers: true,
    finds: `a description of more than ${MOST_LETTERS.toLocaleString("en")} letters`,
    reason: "Every caller pays for it with every list, and what matters in it is lost.",
    cure: "Keep what a model chooses by; put the rest into the descriptions of fields, the answers, or a resource.",
    find: ({ tools }) =>
      tools
        .filter(({ served }) => served.description.length > MOST_LETTERS)
        .map((tool) => at(tool, `Its description has ${tool.served.description.length} letters.`)),
  },
  "steering-text": {
    severity: "error",
    finds: "words that tell a model to ignore instructions, to pass other tools by, or to keep something from people",
    reason:
      "A description is read as an instruction. One tool must not rule over the others, nor over whoever the model works for.",
    cure: "Say what this tool does and leave the choice to the model. Look at where the words come from.",
    find: ({ tools }) => tools.flatMap(steering),
  },
  "hidden-letters": {
    severity: "error",
    finds: "letters in descriptions that nobody sees: without width, or turning the order of what is read",
    reason: "A model reads what a reviewer did not.",
    cure: "Take them out; `--fix` does where they stand in your sources as they are. They come with text that was copied, or on purpose.",
    find: ({ tools }) => tools.flatMap(hidden),
  },
};

function at({ place }: CheckedTool, message: string): Found {
  return { at: place, message };
}

function verbFirst(tool: CheckedTool): readonly Found[] {
  const [first = "", ...others] = wordsOfName(tool.name);
  if (isVerb(first)) return [];
  const verb = others.find(isVerb);
  const cure =
    verb === undefined
      ? undefined
      : `Put the verb first: ${[verb, first, ...others.filter((word) => word !== verb)].join("_")}.`;
  return [{ at: tool.place, message: `Its name begins with "${first}", which is no verb.`, ...(cure && { cure }) }];
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function repeatsName({ name, domain, served: { description } }: CheckedTool): boolean {
  const named = new Set([...wordStems(name), ...wordStems(domain.name)]);
  return [...wordStems(description)].every((word) => named.has(word));
}

/** What a model reads of a tool, by where it stands. */
function textsOf({ served, values }: CheckedTool): readonly (readonly [string | undefined, string])[] {
  const fields = values.flatMap(({ path, schema: { description } }) =>
    typeof description === "string" ? [[path === "" ? undefined : path, description] as const] : [],
  );
  const title = served.title === undefined ? [] : [[undefined, served.title] as const];
  return [[undefined, served.description], ...title, ...fields];
}

function steering(tool: CheckedTool): readonly Found[] {
  return textsOf(tool).flatMap(([field, text]) => {
    const words = steeringWords(text);
    return words === undefined ? [] : [said(tool, field, `tells a model what to do: ${JSON.stringify(words)}.`)];
  });
}

function hidden(tool: CheckedTool): readonly Found[] {
  return textsOf(tool).flatMap(([field, text]) => {
    const letters = [...new Set(text.match(UNSEEN))].map(numberOf);
    if (letters.length === 0) return [];
    const found = said(tool, field, `holds letters that nobody sees: ${letters.join(", ")}.`);
    // Where the words are another's, what is to go would be looked for in sources that do not hold it.
    return [isOwn(tool) ? { ...found, mends: withoutUnseen(text) } : found];
  });
}

function isOwn({ domain }: CheckedTool): boolean {
  return domain.source === undefined && !isOpenApi(domain);
}

function said({ place }: CheckedTool, field: string | undefined, what: string): Found {
  return field === undefined
    ? { at: place, message: `What is said of it ${what}` }
    : { at: { ...place, field }, message: `What is said of ${field} ${what}` };
}

/** The tool that a name was meant for, in words; nothing where none is near. */
export function didYouMean(name: string, { tools }: Pick<CheckedGate, "tools">): string {
  const near = closestTo(
    name,
    tools.map((tool) => tool.name),
  );
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}
