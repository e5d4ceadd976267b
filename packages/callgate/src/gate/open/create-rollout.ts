import { Rollout, type RolloutOptions } from "../../rollout/rollout.ts";
import { type Events, listChanged } from "../listening/events.ts";
import type { GateParts } from "../parts.ts";
import type { Registry } from "../served/registry.ts";
import { BootError } from "../served/served-domain.ts";

const LISTS = ["tools", "resources", "prompts"] as const;

type Deciding = Pick<GateParts, "config" | "registry" | "events" | "clock" | "log">;

/** What decides the flags of a gate, whose subscribers hear of new answers; undefined where it has no flags. */
export function createRollout({ config, registry, events, clock, log }: Deciding): Rollout | undefined {
  const source = config.rollout;
  if (source === undefined || source === "off") return undefined;
  return new Rollout({
    source,
    get flags() {
      return flagsIn(registry);
    },
    clock,
    log,
    onChange: tellAll(events),
  });
}

/** Refuses the start where the flags can never be decided. */
export async function startRollout(rollout: Rollout | undefined): Promise<void> {
  try {
    await rollout?.start();
  } catch (error) {
    throw new BootError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function flagsIn({ tools, resources, prompts }: Registry): readonly string[] {
  return [...new Set([...tools, ...resources, ...prompts].flatMap(({ flags }) => flags))];
}

function tellAll(events: Events): RolloutOptions["onChange"] {
  return () => {
    for (const list of LISTS) events.publishHere(listChanged(list));
  };
}
