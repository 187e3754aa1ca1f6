package touchline.postgres;

import java.io.IOException;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link Captured} between operators of a test job. */
final class CapturedType extends TypeInformation<Captured> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<Captured> getTypeClass() {
        return Captured.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<Captured> createSerializer(SerializerConfig config) {
        return Bytes.INSTANCE;
    }

    @Override
    @Deprecated
    public TypeSerializer<Captured> createSerializer(ExecutionConfig config) {
        return Bytes.INSTANCE;
    }

    @Override
    public String toString() {
        return "Captured";
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof CapturedType;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public boolean canEqual(Object that) {
        return that instanceof CapturedType;
    }

    /** Length and bytes of the codec. */
    public static final class Bytes extends TypeSerializerSingleton<Captured> {
        private static final long serialVersionUID = 1L;
        static final Bytes INSTANCE = new Bytes();

        @Override
        public boolean isImmutableType() {
            return true;
        }

        @Override
        public Captured createInstance() {
            return new Captured.Beat(0, false);
        }

        @Override
        public Captured copy(Captured from) {
            return from;
        }

        @Override
        public Captured copy(Captured from, Captured reuse) {
            return from;
        }

        @Override
        public int getLength() {
            return -1;
        }

        @Override
        public void serialize(Captured captured, DataOutputView out) throws IOException {
            byte[] bytes = CapturedCodec.write(captured);
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        @Override
        public Captured deserialize(DataInputView in) throws IOException {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return CapturedCodec.read(bytes);
        }

        @Override
        public Captured deserialize(Captured reuse, DataInputView in) throws IOException {
            return deserialize(in);
        }

        @Override
        public void copy(DataInputView in, DataOutputView out) throws IOException {
            int length = in.readInt();
            out.writeInt(length);
            out.write(in, length);
        }

        @Override
        public TypeSerializerSnapshot<Captured> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Nothing to remember. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<Captured> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }
}
