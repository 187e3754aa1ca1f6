package touchline.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Matches as they are now, for who asks once: {@code /v1/matches} by selection, {@code /v1/matches/<id>} with its position as tag. */
final class MatchesApi {

    static final String ALL = "/v1/matches";
    private static final String ONE = ALL + "/";

    private final Board board;
    private final Grant grant;
    private final long nowMs;

    MatchesApi(Board board, Grant grant, long nowMs) {
        this.board = board;
        this.grant = grant;
        this.nowMs = nowMs;
    }

    void answer(FullHttpRequest request, QueryStringDecoder uri, String path, Reply reply) {
        boolean one = path.startsWith(ONE) && path.length() > ONE.length();
        if (!one && !path.equals(ALL)) {
            reply.error(HttpResponseStatus.NOT_FOUND, path + " is not here; there are /v1/stream and /v1/matches");
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            reply.error(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET");
        } else if (one) {
            one(path.substring(ONE.length()), reply);
        } else {
            some(uri.parameters(), reply);
        }
    }

    private void one(String id, Reply reply) {
        Match match = board.match(id);
        MatchState state = match == null ? null : match.state();
        if (match == null || state == null || !grant.allows(state.facts)) {
            reply.error(HttpResponseStatus.NOT_FOUND, "match " + id + " is not known");
        } else if (state.ended) {
            reply.json(HttpResponseStatus.GONE, Departure.of(id, state).json());
        } else if (isLate(match)) {
            // What is cached must be asked for again: it was current.
            reply.json(HttpResponseStatus.OK, image(match, state));
        } else {
            reply.tagged(tag(state), image(match, state));
        }
    }

    /** The position; of an image that not everybody may see like this, also what is in it. */
    private String tag(MatchState state) {
        SortedSet<String> markets = grant.columns().markets();
        return "\"" + state.position + (markets == null ? "" : ";" + String.join(",", markets)) + "\"";
    }

    /** Its open markets are not to be taken as open. */
    private boolean isLate(Match match) {
        return board.pulse(match.shard()).late(nowMs) || board.isBehind(match);
    }

    /** The message of a stream, and what would be told beside it there. */
    private byte[] image(Match match, MatchState state) {
        byte[] image = state.encoded().image(grant.columns()).json();
        byte[] late = (",\"late\":" + isLate(match) + "}").getBytes(US_ASCII);
        byte[] both = Arrays.copyOf(image, image.length - 1 + late.length);
        System.arraycopy(late, 0, both, image.length - 1, late.length);
        return both;
    }

    private void some(Map<String, List<String>> parameters, Reply reply) {
        Select select = new Select.All();
        if (!parameters.isEmpty()) {
            try {
                select = select(parameters);
            } catch (IllegalArgumentException e) {
                reply.error(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
                return;
            }
        }
        SortedMap<String, byte[]> found = new TreeMap<>();
        for (Match match : board.matches()) {
            MatchState state = match.state();
            if (state != null && !state.ended && select.names(state.facts) && grant.allows(state.facts)) {
                found.put(match.id, image(match, state));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] before = "{\"matches\":[".getBytes(US_ASCII);
        for (byte[] image : found.values()) {
            out.writeBytes(before);
            out.writeBytes(image);
            before = new byte[] {','};
        }
        if (found.isEmpty()) {
            out.writeBytes(before);
        }
        out.writeBytes(new byte[] {']', '}'});
        reply.json(HttpResponseStatus.OK, out.toByteArray());
    }

    private static Select select(Map<String, List<String>> parameters) {
        ObjectNode select = JsonNodeFactory.instance.objectNode();
        parameters.forEach((name, values) -> {
            if (name.equals("match")) {
                values.forEach(select.withArray(name)::add);
            } else if (name.equals("all")) {
                select.put(name, true);
            } else {
                select.put(name, values.get(0));
            }
        });
        return Select.read(select);
    }
}
