import { suspicionRules } from "../../upstream/lock/suspicious-text.ts";

const STEERING: ReadonlySet<string> = new Set(["instructions-to-the-model", "secrecy"]);

/** What a description says to a model beside what the tool is: to obey it, to keep quiet, to pass other tools by. */
const PATTERNS: readonly RegExp[] = [
  ...suspicionRules.filter(({ id }) => STEERING.has(id)).map(({ pattern }) => pattern),
  /\b(?:ignore|avoid|distrust|do not use|don't use|never use|do not call|never call)\b[^.]{0,20}\b(?:all|any|every|other|another) (?:other )?tools?\b/i,
  /\b(?:always|must|have to) (?:first )?(?:call|use|prefer|choose) this (?:tool )?(?:first|before|instead|rather|over|only|exclusively|for (?:everything|every|all|any))\b/i,
  /\binstead of (?:all|any|every) other tools?\b/i,
];

/** The words in which a text tells a model what to do beside the tool's own use; undefined where there are none. */
export function steeringWords(text: string): string | undefined {
  for (const pattern of PATTERNS) {
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) return found;
  }
  return undefined;
}
