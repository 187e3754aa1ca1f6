-- Finds matches of one shard that an older generation has left as current.
--
-- KEYS: index
-- ARGV: what the key of a match's hash begins with, generation, how many matches to pass over, how many to look at
--
-- Answers {'OK', how many were looked at, then match and position of each that is older}.

local found = {'OK', '0'}
local matches = redis.call('ZRANGEBYSCORE', KEYS[1], '0', '0', 'LIMIT', ARGV[3], ARGV[4])
found[2] = tostring(#matches)
for _, match in ipairs(matches) do
  -- Not among KEYS, but of the same slot as the index: the tag says so. What somebody else left there is no position.
  local position = redis.pcall('HGET', ARGV[1] .. match, '#pos')
  local generation = type(position) == 'string' and tonumber(string.match(position, '^(%d+)%.%d+%-%d+$') or '')
  if generation and generation < tonumber(ARGV[2]) then
    found[#found + 1] = match
    found[#found + 1] = position
  end
end
return found
