package touchline.sql;

import touchline.update.MarketUpdate;

/** An update, and when the market job sent it to its topic, ms UTC. */
record Sent(MarketUpdate update, long sentTime) {}
