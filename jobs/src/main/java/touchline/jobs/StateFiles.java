package touchline.jobs;

import java.util.Collection;
import org.apache.flink.contrib.streaming.state.RocksDBOptionsFactory;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;

/**
 * How RocksDB keeps the jobs' state in files. Every checkpoint writes one, small and about keys from everywhere; by default
 * every fourth of them has all state written anew, which at many matches costs several times the writing itself. Here
 * it takes twenty; filters (see {@link JobEnvironment}) spare a read most of them.
 */
public final class StateFiles implements RocksDBOptionsFactory {
    private static final long serialVersionUID = 1L;

    private static final int FILES_BEFORE_MERGE = 20;

    @Override
    public DBOptions createDBOptions(DBOptions current, Collection<AutoCloseable> toClose) {
        return current;
    }

    @Override
    public ColumnFamilyOptions createColumnOptions(ColumnFamilyOptions current, Collection<AutoCloseable> toClose) {
        return current.setLevel0FileNumCompactionTrigger(FILES_BEFORE_MERGE)
                .setLevel0SlowdownWritesTrigger(3 * FILES_BEFORE_MERGE)
                .setLevel0StopWritesTrigger(4 * FILES_BEFORE_MERGE);
    }
}
