package touchline.feed;

/**
 * The source's own order: {@code generation} first, then {@code n}. Strictly rising per source stream and match; what
 * is not above the last one seen is a repeat. Polls: n is the time at which the request was sent, ms UTC; the
 * generation rises at every start and restore of the reader. Manual matches: n is the document's {@code rev}.
 */
public record Seq(long generation, long n) implements Comparable<Seq> {

    @Override
    public int compareTo(Seq that) {
        int byGeneration = Long.compare(generation, that.generation);
        return byGeneration != 0 ? byGeneration : Long.compare(n, that.n);
    }
}
