package touchline.sql;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** A record of a topic: its key, which is the match that it is of (empty for a tick; a quote has more in it), its log time, when it was sent, and its bytes as they are. Shared, never changed. */
@SuppressWarnings("NullAway.Init") // filled by Flink
public final class Entry {

    static final TypeInformation<Entry> TYPE = Types.POJO(Entry.class);

    public String key;
    public long logTime;
    public long sentTime;
    public byte[] value;

    public Entry() {}

    Entry(String key, long logTime, long sentTime, byte[] value) {
        this.key = key;
        this.logTime = logTime;
        this.sentTime = sentTime;
        this.value = value;
    }
}
