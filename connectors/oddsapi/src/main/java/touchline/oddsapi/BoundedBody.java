package touchline.oddsapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes in a body up to a bound, on the wire and again after decompression; what is longer is broken off, and only its
 * beginning kept.
 */
final class BoundedBody implements BodySubscriber<HttpOddsApi.Body> {

    /** So much of a body that is too large is kept. */
    private static final int KEPT = 4_096;

    private final int bound;
    private final boolean gzip;
    private final String announced;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<HttpOddsApi.Body> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    BoundedBody(HttpHeaders headers, int bound) {
        this.bound = bound;
        this.gzip = headers.firstValue("content-encoding").orElse("").equalsIgnoreCase("gzip");
        this.announced = headers.firstValue("content-length").orElse("");
    }

    @Override
    public CompletionStage<HttpOddsApi.Body> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (body.isDone()) {
                return;
            }
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            bytes.writeBytes(part);
            if (bytes.size() > bound) {
                if (subscription != null) {
                    subscription.cancel();
                }
                tooLarge(bytes.toByteArray(), announced.isEmpty() ? "more than " + bound : announced);
            }
        }
    }

    @Override
    public void onError(Throwable error) {
        body.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        if (body.isDone()) {
            return;
        }
        if (!gzip) {
            body.complete(new HttpOddsApi.Body(bytes.toString(UTF_8), false, ""));
            return;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            byte[] plain = in.readNBytes(bound + 1);
            if (plain.length > bound) {
                tooLarge(plain, "more than " + bound);
            } else {
                body.complete(new HttpOddsApi.Body(new String(plain, UTF_8), false, ""));
            }
        } catch (IOException e) {
            body.completeExceptionally(new IOException("gzip of " + bytes.size() + " bytes: " + e.getMessage(), e));
        }
    }

    private void tooLarge(byte[] read, String size) {
        String beginning = new String(read, 0, Math.min(read.length, KEPT), UTF_8);
        body.complete(new HttpOddsApi.Body(beginning, true, size));
    }
}
