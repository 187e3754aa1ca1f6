-- Claims a shard for a writer.
--
-- KEYS: meta, probe, stream, index, beat
-- ARGV: shards, generation, rules, topic, a random word
--
-- Answers {'OPEN', writer, last}, or what is held instead of what was given: {'SHARDS', held},
-- {'OLD_GENERATION', held}, {'OTHER_RULES', held}, {'OTHER_TOPIC', held}.

-- What somebody else left under these keys would refuse every call; the images that follow a claim make up for it.
local function foreign(reply)
  return type(reply) == 'table' and reply.err and string.find(reply.err, 'WRONGTYPE', 1, true)
end
if foreign(redis.pcall('HGET', KEYS[1], 'last')) then
  redis.call('DEL', KEYS[1])
end
if foreign(redis.pcall('XTRIM', KEYS[3], 'MAXLEN', '~', '1000000000')) then
  redis.call('DEL', KEYS[3])
end
if foreign(redis.pcall('ZREMRANGEBYSCORE', KEYS[4], '(0', '(0')) then
  redis.call('DEL', KEYS[4])
end
local beat = redis.pcall('GET', KEYS[5])
if foreign(beat) or type(beat) == 'string' and not tonumber(beat) then
  redis.call('DEL', KEYS[5])
end

local shards, generation, rules, topic, writer, last =
    unpack(redis.call('HMGET', KEYS[1], 'shards', 'generation', 'rules', 'topic', 'writer', 'last'))

if shards and shards ~= ARGV[1] then
  return {'SHARDS', shards}
end
if generation then
  local given, held = tonumber(ARGV[2]), tonumber(generation)
  if given < held then
    return {'OLD_GENERATION', generation}
  end
  if given == held and rules ~= ARGV[3] then
    return {'OTHER_RULES', rules or ''}
  end
  if given == held and topic ~= ARGV[4] then
    return {'OTHER_TOPIC', topic or ''}
  end
end

-- Every command that apply.lua and leftovers.lua will use, on a key of its own: a right that is missing shows here, where nothing has
-- been written yet, and not in the middle of a batch.
redis.call('HSET', KEYS[2], '#pos', '0')
redis.call('HGET', KEYS[2], '#pos')
redis.call('HDEL', KEYS[2], '#pos')
redis.call('XADD', KEYS[2], '*', 'u', '0')
redis.call('XTRIM', KEYS[2], 'MAXLEN', '~', '1')
redis.call('DEL', KEYS[2])
redis.call('ZADD', KEYS[2], '1', 'm')
redis.call('ZRANGEBYSCORE', KEYS[2], '0', '0', 'LIMIT', '0', '1')
redis.call('ZREMRANGEBYSCORE', KEYS[2], '(0', '1')
redis.call('SET', KEYS[2], redis.call('TIME')[1])
redis.call('GET', KEYS[2])
redis.call('PEXPIRE', KEYS[2], '1')
redis.call('DEL', KEYS[2])

-- The log time up to which one generation was complete says nothing of what the next one tells, which may begin long before.
if generation and tonumber(ARGV[2]) > tonumber(generation) then
  redis.call('SET', KEYS[5], '0')
end

local epoch = writer and tonumber(string.match(writer, '^%d+')) or 0
writer = string.format('%.0f', epoch + 1) .. '.' .. ARGV[5]
last = last or '0-0'
redis.call('HSET', KEYS[1], 'shards', ARGV[1], 'generation', ARGV[2], 'rules', ARGV[3], 'topic', ARGV[4],
    'writer', writer, 'call', '0', 'last', last)
return {'OPEN', writer, last}
