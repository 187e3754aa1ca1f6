package touchline.sql;

import java.io.Serializable;

/** Follows the updates of each match, one by one in their order. */
interface Follower extends Serializable {

    void follow(Entry entry, Held held, RowSink out);
}
