package touchline.redis;

import java.io.IOException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;

/**
 * Writes a table's rows to a stream, at least once: a checkpoint covers only what Redis has confirmed, and what came
 * after it comes again. With a primary key a hash holds the current row of each key, and what changes nothing there is
 * not appended again.
 */
final class RowsSink implements Sink<RowData> {

    private static final long serialVersionUID = 1;
    private static final String RIGHTS = " (the user needs the stream's keys and the commands EVAL EVALSHA GET SET HGET"
            + " HEXISTS HSET HDEL XADD)";

    private final RedisConfig config;
    private final StreamsConfig streams;
    private final RowsFormat format;

    RowsSink(RedisConfig config, StreamsConfig streams, RowsFormat format) {
        this.config = config;
        this.streams = streams;
        this.format = format;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
        try {
            format.open(context.asSerializationSchemaInitializationContext());
            RedisLink link = new Attempts(config).of(RIGHTS, () -> RedisLink.open(config));
            return new RowsWriter(
                    config,
                    streams,
                    format,
                    link,
                    context.getMailboxExecutor(),
                    context.getProcessingTimeService(),
                    context.metricGroup());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to " + config.uri(), e);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the format of " + streams.target() + " does not open", e);
        }
    }

    /** Sink V2 still asks for this one; Flink calls the other. */
    @Override
    @Deprecated
    public SinkWriter<RowData> createWriter(InitContext context) {
        throw new UnsupportedOperationException("use createWriter(WriterInitContext)");
    }
}
