package touchline.redis;

import io.lettuce.core.StreamMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of its streams, all asked at once over one connection. Asks again after a pause where none had any:
 * a blocked read would need a connection for each stream of a Cluster.
 */
final class StreamsReader implements SplitReader<StreamMessage<byte[], byte[]>, StreamSplit> {

    private final RedisConfig config;
    private final StreamsConfig streams;
    private final Map<String, StreamSplit> splits = new LinkedHashMap<>();
    private final Semaphore woken = new Semaphore(0);
    private @Nullable RedisLink link;

    StreamsReader(RedisConfig config, StreamsConfig streams) {
        this.config = config;
        this.streams = streams;
    }

    @Override
    public RecordsWithSplitIds<StreamMessage<byte[], byte[]>> fetch() throws IOException {
        RecordsBySplits.Builder<StreamMessage<byte[], byte[]>> found = new RecordsBySplits.Builder<>();
        boolean any = false;
        try {
            List<StreamSplit> asked = List.copyOf(splits.values());
            List<List<StreamMessage<byte[], byte[]>>> answers = ask(asked);
            for (int i = 0; i < asked.size(); i++) {
                any |= take(asked.get(i), answers.get(i), found);
            }
            if (!any && woken.tryAcquire(streams.pollMs(), TimeUnit.MILLISECONDS)) {
                woken.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading " + splits.keySet(), e);
        }
        return found.build();
    }

    private List<List<StreamMessage<byte[], byte[]>>> ask(List<StreamSplit> asked)
            throws IOException, InterruptedException {
        Attempts attempts = new Attempts(config);
        RedisLink open = link;
        if (open == null) {
            open = attempts.of("", () -> RedisLink.open(config));
            link = open;
        }
        RedisLink ready = open;
        return attempts.of(": streams " + splits.keySet(), () -> {
            int connection = ready.number();
            List<CompletionStage<List<StreamMessage<byte[], byte[]>>>> out = new ArrayList<>();
            for (StreamSplit split : asked) {
                out.add(ready.entries(split.stream(), split.after(), streams.readMax()));
            }
            List<List<StreamMessage<byte[], byte[]>>> answers = new ArrayList<>();
            try {
                for (var answer : out) {
                    answers.add(Attempts.join(answer));
                }
            } catch (RuntimeException e) {
                if (RedisLink.wantsAnother(e)) {
                    ready.renew(connection);
                }
                throw e;
            }
            return answers;
        });
    }

    /** True when the stream had something, or has ended. */
    private boolean take(
            StreamSplit split,
            List<StreamMessage<byte[], byte[]>> entries,
            RecordsBySplits.Builder<StreamMessage<byte[], byte[]>> found) {
        StreamSplit at = split;
        for (StreamMessage<byte[], byte[]> entry : entries) {
            String until = split.until();
            if (until == null || StreamSplit.compare(entry.getId(), until) <= 0) {
                found.add(split, entry);
            }
            at = at.read(entry.getId());
        }
        // The last entry may have been deleted since: then nothing more comes.
        boolean ended = at.isRead() || (split.until() != null && entries.isEmpty());
        if (ended) {
            splits.remove(split.stream());
            found.addFinishedSplit(split.stream());
        } else {
            splits.put(split.stream(), at);
        }
        return ended || !entries.isEmpty();
    }

    @Override
    public void handleSplitsChanges(SplitsChange<StreamSplit> change) {
        change.splits().forEach(split -> splits.put(split.stream(), split));
    }

    @Override
    public void wakeUp() {
        woken.release();
    }

    @Override
    public void close() {
        if (link != null) {
            link.close();
        }
    }
}
