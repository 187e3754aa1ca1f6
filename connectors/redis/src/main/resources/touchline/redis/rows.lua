-- Writes a batch of a table's rows, all or nothing of each row, and each call once.
--
-- KEYS: stream, rows (the hash of the current ones), call
-- ARGV: the call's number, how long it is remembered (ms), entries to keep, the field of a row, then per row
--       {'append', '', row}, {'set', key, row} or {'delete', key, row}
--
-- Answers {'OK', entries appended}; {'REPEAT'} where this call was answered before. A set of what is there already, and a
-- delete of what is not, append nothing.

local stream, rows, call = unpack(KEYS)
if redis.call('GET', call) == ARGV[1] then
  return { 'REPEAT' }
end

local keep, field = ARGV[3], ARGV[4]
local appended = 0
for i = 5, #ARGV, 3 do
  local op, key, row = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  -- The stream first: if it is of another type, nothing has changed when this fails.
  if op == 'append' then
    redis.call('XADD', stream, 'MAXLEN', '~', keep, '*', field, row)
    appended = appended + 1
  elseif op == 'set' then
    if redis.call('HGET', rows, key) ~= row then
      redis.call('XADD', stream, 'MAXLEN', '~', keep, '*', 'op', op, 'key', key, field, row)
      redis.call('HSET', rows, key, row)
      appended = appended + 1
    end
  elseif redis.call('HEXISTS', rows, key) == 1 then
    redis.call('XADD', stream, 'MAXLEN', '~', keep, '*', 'op', op, 'key', key, field, row)
    redis.call('HDEL', rows, key)
    appended = appended + 1
  end
end
redis.call('SET', call, ARGV[1], 'PX', ARGV[2])
return { 'OK', tostring(appended) }
