package touchline.sql;

import touchline.feed.FeedRecord;

/** A record of the feed log, with the log time at which it was taken, ms UTC, and its JSON. */
record Heard(FeedRecord record, long logTime, String json) {}
