/**
 * The scripts that change who owns a station. What is said of one station touches its key alone; each script begins its reply with Redis's
 * time in ms.
 *
 * The hash of a station: `epoch` (of the last claim; kept after a release), `acceptedAt` (of the socket of the last claim; kept likewise),
 * `owner` ("<connection> <pod>"; absent when nobody owns the station), `details` (JSON about the owner; absent likewise).
 */

// Effects are replicated, not the script, so reading the time before writing is allowed (Redis 5 and later).
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

// Numbers become text by '%.0f' alone: Lua's own conversion would round an epoch to 14 digits.
const take = `
local function put(epoch, acceptedAt, holder, details)
  -- Nothing was accepted after this moment: a pod whose idea of the time runs ahead must not shut out those that come later.
  local stamp = string.format('%.0f', math.min(acceptedAt, now))
  redis.call('HSET', KEYS[1], 'epoch', string.format('%.0f', epoch), 'acceptedAt', stamp, 'owner', holder, 'details', details)
  redis.call('PERSIST', KEYS[1])
end
local function nextEpoch(stored, generation)
  return math.max(stored + 1, generation * 4398046511104 + now)
end
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'acceptedAt', 'owner')
local epoch, acceptedAt, owner = tonumber(stored[1]) or 0, tonumber(stored[2]), stored[3]
`;

/** Sockets younger than this, in ms, are never refused: the order of two that are so close cannot be told for sure. */
export const youngMs = 2000;

/**
 * Claims that came together; each touches the one key of its station. ARGV: generation; then holder, acceptedAt and details for each key.
 * Replies {now}, and for each key: epoch or 0 if superseded or -1 if it failed; holder before or '', or why it failed; its epoch.
 */
export const claimScript = `${now}
local function claim(key, holder, mine, details, generation)
  local KEYS = {key}
  ${take}
  if acceptedAt and acceptedAt > mine and acceptedAt <= now and now - mine >= ${youngMs} then return 0, '', 0 end
  local taken = nextEpoch(epoch, generation)
  put(taken, mine, holder, details)
  -- A claim repeated after an unknown outcome meets itself; nobody is to be closed for that.
  if not owner or owner == holder then owner = '' end
  return taken, owner, epoch
end
local reply = {now}
for i = 1, #KEYS do
  local at = 3 * i - 1
  local done, taken, before, epochBefore = pcall(claim, KEYS[i], ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2], tonumber(ARGV[1]))
  if not done then taken, before, epochBefore = -1, type(taken) == 'table' and taken.err or tostring(taken), 0 end
  reply[at], reply[at + 1], reply[at + 2] = taken, before, epochBefore
end
return reply
`;

/**
 * ARGV: holder, epoch or '' for any, seconds to keep what is left. Replies {now, 1 if it emptied the owner or else 0}.
 * The epoch outlives the owner, so that the next claim is above it. Losing it at the end of that time is harmless: the next epoch is
 * Redis's time by then, which is larger.
 */
export const vacateScript = `${now}
local stored = redis.call('HMGET', KEYS[1], 'epoch', 'owner')
if stored[2] ~= ARGV[1] or (ARGV[2] ~= '' and stored[1] ~= ARGV[2]) then return {now, 0} end
redis.call('HDEL', KEYS[1], 'owner', 'details')
redis.call('EXPIRE', KEYS[1], ARGV[3])
return {now, 1}
`;

/**
 * Sets right one socket that a pod holds and that the store does not name as the owner at its epoch.
 *
 * ARGV: holder, epoch, acceptedAt, details, generation, a holder known to be dead or ''.
 * Replies {now, verdict, epoch, holder before or '', its epoch}.
 */
export const reconcileScript = `${now}${take}
local mine, mineAt = tonumber(ARGV[2]), math.min(tonumber(ARGV[3]), now)
if owner == ARGV[1] then
  if epoch == mine then return {now, 'mine', epoch, '', 0} end
  -- A newer epoch was given to this very socket and the answer was lost.
  if epoch > mine then return {now, 'renewed', epoch, '', 0} end
end
-- Below mine only if Redis lost writes: whoever is there, if later than me, sees my newer epoch and takes one above it.
if epoch < mine or (epoch == mine and not owner) then
  put(mine, mineAt, ARGV[1], ARGV[4])
  return {now, 'restored', mine, '', 0}
end
-- A dead holder's stamp proves nothing, and one in the future is from a clock that was set back since.
if owner and owner == ARGV[6] then owner, acceptedAt = false, nil end
if acceptedAt and acceptedAt > now then acceptedAt = nil end
if epoch > mine and acceptedAt and (acceptedAt > mineAt or (acceptedAt == mineAt and owner)) then
  return {now, 'close', epoch, '', 0}
end
local taken = nextEpoch(epoch, tonumber(ARGV[5]))
put(taken, mineAt, ARGV[1], ARGV[4])
return {now, 'renewed', taken, owner or '', epoch}
`;

/** Replies a JSON list: for each key the `ownerFields`, or false if nobody owns the station. One text is less work to read than one for each key. */
export const ownersScript = `
local reply = {}
for i = 1, #KEYS do
  local owner = redis.call('HMGET', KEYS[i], 'epoch', 'acceptedAt', 'details', 'owner')
  reply[i] = owner[4] and owner
end
return cjson.encode(reply)
`;
