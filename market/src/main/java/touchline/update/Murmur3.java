package touchline.update;

/** MurmurHash3 x86 32-bit, over bytes. */
final class Murmur3 {

    private Murmur3() {}

    static int hash(byte[] bytes, int seed) {
        int h = seed;
        int blocks = bytes.length & ~3;
        for (int i = 0; i < blocks; i += 4) {
            int k = (bytes[i] & 0xff)
                    | (bytes[i + 1] & 0xff) << 8
                    | (bytes[i + 2] & 0xff) << 16
                    | (bytes[i + 3] & 0xff) << 24;
            h = Integer.rotateLeft(h ^ mix(k), 13) * 5 + 0xe6546b64;
        }
        int k = 0;
        for (int i = bytes.length - 1; i >= blocks; i--) {
            k = k << 8 | (bytes[i] & 0xff);
        }
        if (bytes.length > blocks) {
            h ^= mix(k);
        }
        h ^= bytes.length;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private static int mix(int k) {
        return Integer.rotateLeft(k * 0xcc9e2d51, 15) * 0x1b873593;
    }
}
