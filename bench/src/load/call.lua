-- Sends one POST again and again, each time with a number of its own, and looks at every answer.
-- Arguments after "--": the body, the number that stands in it, the first number to send instead (of as many
-- digits, so that the length stays the same), then pieces of text that each answer must hold.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function split(text, separator)
  local pieces, from = {}, 1
  while true do
    local first, last = string.find(text, separator, from, true)
    if not first then break end
    table.insert(pieces, string.sub(text, from, first - 1))
    from = last + 1
  end
  table.insert(pieces, string.sub(text, from))
  return pieces
end

function init(args)
  wrong = 0
  first_wrong = ""
  markers = {}
  for i = 4, #args do markers[i - 3] = args[i] end
  local pieces = split(wrk.format("POST", nil, nil, args[1]), args[2])
  local number = tonumber(args[3]) - 1
  request = function()
    number = number + 1
    return table.concat(pieces, string.format("%d", number))
  end
end

local function is_right(status, body)
  if status ~= 200 then return false end
  for i = 1, #markers do
    if not string.find(body, markers[i], 1, true) then return false end
  end
  return true
end

function response(status, headers, body)
  if is_right(status, body) then return end
  wrong = wrong + 1
  if wrong == 1 then first_wrong = status .. " " .. string.sub(body, 1, 500) end
end

function done(summary, latency, requests)
  local total_wrong, example = 0, ""
  for _, thread in ipairs(threads) do
    total_wrong = total_wrong + thread:get("wrong")
    if example == "" then example = thread:get("first_wrong") end
  end
  local e = summary.errors
  io.write(string.format(
    "\nbench calls=%d micros=%d p50=%d p99=%d mean=%d cpu_micros=%d wrong=%d connect=%d read=%d write=%d timeout=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.mean, os.clock() * 1e6,
    total_wrong, e.connect, e.read, e.write, e.timeout))
  if example ~= "" then io.write("example " .. example .. "\n") end
end
