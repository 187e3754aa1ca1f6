package touchline.jobs;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** A type of immutable values as Flink sees it on the way between stages: a name, and how it goes into bytes and back. */
final class WayType<T> extends TypeInformation<T> {
    private static final long serialVersionUID = 1L;

    private final Codec<T> codec;

    WayType(Codec<T> codec) {
        this.codec = codec;
    }

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
    public Class<T> getTypeClass() {
        return codec.type();
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return new Serializer<>(codec);
    }

    @Override
    @SuppressWarnings("deprecation") // still abstract
    public TypeSerializer<T> createSerializer(ExecutionConfig config) {
        return new Serializer<>(codec);
    }

    @Override
    public String toString() {
        return codec.name();
    }

    @Override
    public boolean equals(@Nullable Object that) {
        return that instanceof WayType<?> type && type.codec.name().equals(codec.name());
    }

    @Override
    public int hashCode() {
        return codec.name().hashCode();
    }

    @Override
    public boolean canEqual(Object that) {
        return that instanceof WayType<?>;
    }

    interface Write<T> extends Serializable {
        void write(T value, DataOutputView out) throws IOException;
    }

    interface Read<T> extends Serializable {
        T read(DataInputView in) throws IOException;
    }

    /** One type's way into bytes and back; another form of the same type gets another name. */
    record Codec<T>(String name, Class<T> type, Write<T> write, Read<T> read) implements Serializable {}

    private static final class Serializer<T> extends TypeSerializer<T> {
        private static final long serialVersionUID = 1L;

        private final Codec<T> codec;

        Serializer(Codec<T> codec) {
            this.codec = codec;
        }

        @Override
        public boolean isImmutableType() {
            return true;
        }

        @Override
        public TypeSerializer<T> duplicate() {
            return this;
        }

        @Override
        public T createInstance() {
            throw new UnsupportedOperationException("a value of type " + codec.name() + " is only made whole");
        }

        @Override
        public T copy(T from) {
            return from;
        }

        @Override
        public T copy(T from, T reuse) {
            return from;
        }

        @Override
        public int getLength() {
            return -1;
        }

        @Override
        public void serialize(T value, DataOutputView out) throws IOException {
            codec.write().write(value, out);
        }

        @Override
        public T deserialize(DataInputView in) throws IOException {
            return codec.read().read(in);
        }

        @Override
        public T deserialize(T reuse, DataInputView in) throws IOException {
            return codec.read().read(in);
        }

        @Override
        public void copy(DataInputView in, DataOutputView out) throws IOException {
            serialize(deserialize(in), out);
        }

        @Override
        public boolean equals(@Nullable Object that) {
            return that instanceof Serializer<?> serializer
                    && serializer.codec.name().equals(codec.name());
        }

        @Override
        public int hashCode() {
            return codec.name().hashCode();
        }

        @Override
        public TypeSerializerSnapshot<T> snapshotConfiguration() {
            throw new UnsupportedOperationException(
                    codec.name() + " is for the way between stages; keep bytes in state");
        }
    }
}
