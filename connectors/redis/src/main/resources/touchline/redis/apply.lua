-- Applies a batch of one shard's updates, in order, and moves its beat: all of it or, when it is not the caller's turn,
-- nothing.
--
-- KEYS: meta, stream, index, beat, then the hash of each update's match
-- ARGV: writer, call number, last entry's id as the writer knows it, beat in ms or '' when it is not due,
--       stream's bound in entries, stream's bound in ms, tombstone in ms, then for each update:
--       kind P(atch) I(mage) E(nd); a patch's previous position, else the match; the update itself;
--       count of set arguments and how many of these are sums; count of deleted fields and how many are sums;
--       the set arguments ('#pos', position, cells, sums: field and value each); the deleted fields (cells, sums)
--
-- Answers {'OK', last entry's id, a letter per update: A(pplied) or R(epeat)}; or, when an update cannot be applied,
-- having stopped before it: {'GAP' or 'OLD_EPOCH', last, letters, position held or ''} or
-- {'DIVERGED', last, letters, position held, sum's field, sum held or ''}; or {'LOST', last held or ''}; or
-- {'FENCED', writer held}.
--
-- The end of a match of an older generation than the shard's is that of a leftover (leftovers.lua).
--
-- Positions are <generation>.<created>-<version>, each below 2^53, so that Lua's numbers hold them exactly.

local SLICE = 4000 -- of arguments: Lua's unpack takes some 8,000

local POSITION = '^(%d+)%.(%d+)%-(%d+)$'

local function parse(position)
  local generation, created, version = string.match(position, POSITION)
  return tonumber(generation), tonumber(created), tonumber(version)
end

local function sliced(command, key, from, to)
  while to - from >= SLICE do
    redis.call(command, key, unpack(ARGV, from, from + SLICE - 1))
    from = from + SLICE
  end
  redis.call(command, key, unpack(ARGV, from, to))
end

-- The first sum given that is not the one held: its field and what is held.
local function difference(key, at, sets, setSums, dels, delSums)
  for i = at + sets - 2 * setSums, at + sets - 1, 2 do
    local held = redis.call('HGET', key, ARGV[i])
    if held ~= ARGV[i + 1] then
      return ARGV[i], held or ''
    end
  end
  for i = at + sets + dels - delSums, at + sets + dels - 1 do
    local held = redis.call('HGET', key, ARGV[i])
    if held then
      return ARGV[i], held
    end
  end
end

local meta = redis.call('HMGET', KEYS[1], 'writer', 'call', 'last', 'generation')
local writer, call, last, present = meta[1], meta[2], meta[3], tonumber(meta[4] or '0')
if not writer or not last then
  return {'LOST', ''}
end
if writer ~= ARGV[1] then
  local held, given = tonumber(string.match(writer, '^%d+')), tonumber(string.match(ARGV[1], '^%d+'))
  if held < given then
    return {'LOST', last}
  end
  return {'FENCED', writer}
end
-- The same call again: it was applied, and its answer got lost on the way.
if last ~= ARGV[3] and call ~= ARGV[2] then
  return {'LOST', last}
end

local letters = {}
local applied = false
local stop
local at = 8
for i = 5, #KEYS do
  local key, kind, sets, dels = KEYS[i], ARGV[at], ARGV[at + 3] + 0, ARGV[at + 5] + 0
  local body = at + 7
  local held = redis.pcall('HGET', key, '#pos')
  -- What somebody else left here is no state of this match: as if nothing was held.
  local foreign = false
  if type(held) == 'table' then
    if not string.find(held.err, 'WRONGTYPE', 1, true) then
      return held
    end
    held, foreign = false, true
  elseif held and not string.find(held, POSITION) then
    held, foreign = false, true
  end
  local verdict
  local again = false
  if kind == 'P' and held == ARGV[at + 1] then
    verdict = 'A'
  elseif not held then
    verdict = kind == 'P' and 'GAP' or 'A'
  else
    local generation, created, version = parse(ARGV[body + 1])
    local heldGeneration, heldCreated, heldVersion = parse(held)
    if kind == 'E' and generation < present then
      -- What an older generation left: ended as it was found, or not at all when the match has come again since.
      local follows = generation == heldGeneration and created == heldCreated and version == heldVersion + 1
      verdict = follows and 'A' or 'R'
    elseif generation < heldGeneration then
      verdict = 'OLD_EPOCH'
    elseif generation > heldGeneration or created > heldCreated then
      verdict = kind == 'P' and 'GAP' or 'A'
    elseif created < heldCreated or version < heldVersion then
      verdict = 'R'
    elseif version > heldVersion then
      verdict = kind == 'P' and 'GAP' or 'A'
    else
      local field, sum = difference(key, body, sets, ARGV[at + 4] + 0, dels, ARGV[at + 6] + 0)
      if field then
        stop = {'DIVERGED', '', '', held, field, sum}
        break
      end
      verdict = 'R'
      -- Sent again after a restore, perhaps because somebody else wrote here: the cells must be those of the sums.
      again = kind == 'I'
    end
  end

  if verdict == 'A' or again then
    if not applied then
      -- First, because a Redis that is full refuses this one, and lets a script go on that has begun with a DEL.
      redis.call('HSET', KEYS[1], 'call', ARGV[2])
      applied = true
    end
    -- Before the hash: what the stream refuses must not be in there, else it would be a repeat when it comes again.
    if not again then
      last = redis.call('XADD', KEYS[2], '*', 'prev', last, 'u', ARGV[at + 2])
    end
    if (held or foreign) and kind ~= 'P' then
      redis.call('DEL', key)
    end
    if sets <= SLICE then
      redis.call('HSET', key, unpack(ARGV, body, body + sets - 1))
    else
      sliced('HSET', key, body, body + sets - 1)
    end
    if dels > 0 and kind == 'P' then
      sliced('HDEL', key, body + sets, body + sets + dels - 1)
    end
    if kind == 'I' then
      redis.call('ZADD', KEYS[3], '0', ARGV[at + 1])
    elseif kind == 'E' then
      redis.call('PEXPIRE', key, ARGV[7])
      redis.call('ZADD', KEYS[3], string.format('%.0f', string.match(last, '^%d+') + ARGV[7]), ARGV[at + 1])
    end
  elseif verdict ~= 'R' then
    stop = {verdict, '', '', held or ''}
    break
  end
  letters[i - 4] = verdict
  at = body + sets + dels
end

if applied then
  redis.call('HSET', KEYS[1], 'last', last)
end
if stop then
  stop[2], stop[3] = last, table.concat(letters)
  return stop
end

if ARGV[4] ~= '' then
  if tonumber(ARGV[4]) > tonumber(redis.call('GET', KEYS[4]) or '0') then
    redis.call('SET', KEYS[4], ARGV[4])
  end
  local time = redis.call('TIME')
  local now = time[1] * 1000
  redis.call('XTRIM', KEYS[2], 'MAXLEN', '~', ARGV[5])
  redis.call('XTRIM', KEYS[2], 'MINID', '~', string.format('%.0f', math.max(now - ARGV[6], 0)))
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '(0', string.format('%.0f', now))
end
return {'OK', last, table.concat(letters)}
