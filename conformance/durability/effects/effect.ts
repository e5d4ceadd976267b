/** One effect, as the outside world wrote it down. Whoever counts these needs to know nothing of gates. */
export interface Effect {
  readonly id: number;
  /** The idempotency key that came along. */
  readonly key: string;
  /** What the client meant: however often and by whatever way it comes, it is to be done once. */
  readonly story: string;
  readonly tool: string;
}

/** What a request has the outside world do, the first time that its key comes along; `refuses` does so every time. */
export const troubles = ["none", "refuses", "busy", "breaks_before", "breaks_after", "answers_late"] as const;
export type Trouble = (typeof troubles)[number];

/** How the whole outside world is at a time. */
export type Mood = "well" | "slow" | "breaks_before" | "breaks_after";

/** A wish for an effect. */
export interface Wish extends Omit<Effect, "id"> {
  /** One effect for each key, whatever comes; without it there is one for each wish that arrives. */
  readonly takesKey: boolean;
  readonly trouble: Trouble;
}

/** What the gate may know of the backend behind each tool that makes effects. */
export const backends = {
  /** Exactly once, for it takes the key. */
  orders: { takesKey: true, canBeAsked: false },
  /** At most once: it takes no key, but can be asked what became of one. */
  letters: { takesKey: false, canBeAsked: true },
  /** At most once, and nobody can tell after a crash. */
  notices: { takesKey: false, canBeAsked: false },
} as const;
export type Backend = keyof typeof backends;

/** The backend of each tool that makes an effect. */
export const effectTools = {
  place_order: "orders",
  place_pair: "orders",
  place_slow_order: "orders",
  send_letter: "letters",
  post_notice: "notices",
  place_big_order: "orders",
  send_big_letter: "letters",
} as const satisfies Readonly<Record<string, Backend>>;
export type EffectTool = keyof typeof effectTools;

/** Whether its work outlives the call, as a task. */
export function isLong(tool: string): boolean {
  return tool === "place_slow_order";
}

/** Those that somebody has to agree to first, and who. */
export const approvalTools = { place_big_order: "owner", send_big_letter: "operator" } as const;
export type ApprovalTool = keyof typeof approvalTools;

export function needsApproval(tool: string): tool is ApprovalTool {
  return tool in approvalTools;
}

export function backendOf(tool: string): (typeof backends)[Backend] {
  return backends[effectTools[tool as EffectTool]];
}
