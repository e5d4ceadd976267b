import { hash } from "node:crypto";

/** A script that Redis runs as one step, and the name that Redis keeps it under. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export interface Scripts {
  /**
   * Keys: one a rate. Arguments, claim by claim: 1 to take or 0 to look, how many rates it has, and of each the
   * microseconds between two calls and those by which calls may come early. Answers, claim by claim: which of its rates
   * refuses (0: none, and only then is anything taken), and the milliseconds until it would not.
   */
  readonly take: Script;
  /**
   * Key: the gate's replicas. Arguments: one replica, and the part that it has now, in millionths. Answers with the part
   * that it has from now on. Parts, as far as any replica may still believe in them, never make more than the whole.
   */
  readonly beat: Script;
  /** Key and argument as for `beat`: the replica is gone, and its part with it. */
  readonly leave: Script;
}

/** A replica that was not heard of for so long is dead or cut off: its part is given to others. */
const FORGET_MS = 30_000;
/** Where nobody was heard of for so long Redis was away, and for so long again no part grows: all are to be back first. */
const GRACE_MS = 5_000;
const KEEP_MS = 86_400_000;

/** The scripts, by Redis' own clock unless said otherwise: `time` is Lua for a pair of seconds and microseconds. */
export function scriptsBy(time = 'redis.call("TIME")'): Scripts {
  return { take: toScript(take(time)), beat: toScript(beat(time)), leave: toScript(LEAVE) };
}

function toScript(text: string): Script {
  return { text, sha: hash("sha1", text) };
}

// GCRA, as in rate-limit.ts. What is due later than after everything at once is due from before the clock was set back.
const take = (time: string): string => `
local time = ${time}
local now = time[1] * 1000000 + time[2]
local function keep(key, due)
  local ms = math.ceil((due - now) / 1000) + 1000
  redis.call("SET", key, string.format("%.0f", due), "PX", string.format("%.0f", ms))
end
local answers, key, at = {}, 1, 1
while at < #ARGV do
  local takes, rates = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local refusedBy, wait, dues = 0, 0, {}
  for each = 1, rates do
    local interval, slack = tonumber(ARGV[at + 2 * each]), tonumber(ARGV[at + 2 * each + 1])
    local due = math.max(now, tonumber(redis.call("GET", KEYS[key + each - 1]) or 0))
    if due > now + slack + interval then
      due = now + slack + interval
      keep(KEYS[key + each - 1], due)
    end
    dues[each] = due + interval
    if refusedBy == 0 and due - slack > now then
      refusedBy, wait = each, due - slack - now
    end
  end
  if refusedBy == 0 and takes == 1 then
    for each = 1, rates do
      keep(KEYS[key + each - 1], dues[each])
    end
  end
  answers[#answers + 1] = refusedBy
  answers[#answers + 1] = math.ceil(wait / 1000)
  key, at = key + rates, at + 2 + 2 * rates
end
return answers
`;

const beat = (time: string): string => `
local time = ${time}
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local who, known = ARGV[1], tonumber(ARGV[2])
local since, last, others = now, 0, {}
local fields = redis.call("HGETALL", KEYS[1])
for at = 1, #fields, 2 do
  local name, value = fields[at], fields[at + 1]
  if name == "since" then
    since = tonumber(value)
  elseif name == "last" then
    last = tonumber(value)
  elseif name ~= who then
    others[name] = value
  end
end
if now - last > ${GRACE_MS} or last > now then
  since = now
end
local taken, count = 0, 1
for name, value in pairs(others) do
  local seen, part = string.match(value, "^(%d+) (%d+)$")
  if tonumber(seen) > now then
    seen = string.format("%.0f", now)
    redis.call("HSET", KEYS[1], name, seen .. " " .. part)
  end
  if now - math.max(tonumber(seen), since) > ${FORGET_MS} then
    redis.call("HDEL", KEYS[1], name)
  else
    taken, count = taken + tonumber(part), count + 1
  end
end
local part = math.max(0, math.min(math.floor(1000000 / count), 1000000 - taken))
if now - since < ${GRACE_MS} then
  part = math.min(part, known)
end
local believed = string.format("%.0f %d", now, math.max(part, known))
redis.call("HSET", KEYS[1], "since", string.format("%.0f", since), "last", string.format("%.0f", now), who, believed)
redis.call("PEXPIRE", KEYS[1], ${KEEP_MS})
return part
`;

const LEAVE = 'return redis.call("HDEL", KEYS[1], ARGV[1])';
