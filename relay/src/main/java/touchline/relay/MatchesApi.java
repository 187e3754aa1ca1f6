package touchline.relay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Matches as they are now, for who asks once: {@code /v1/matches} by selection, {@code /v1/matches/<id>} with its position as tag. */
final class MatchesApi {

    static final String ALL = "/v1/matches";
    private static final String ONE = ALL + "/";

    private final Board board;
    private final Grant grant;

    MatchesApi(Board board, Grant grant) {
        this.board = board;
        this.grant = grant;
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
        if (state == null || !grant.allows(state.facts)) {
            reply.error(HttpResponseStatus.NOT_FOUND, "match " + id + " is not known");
        } else if (state.ended) {
            reply.json(HttpResponseStatus.GONE, Departure.of(id, state).json());
        } else {
            reply.tagged(
                    "\"" + state.position + "\"",
                    state.encoded().image(grant.columns()).json());
        }
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
        List<MatchState> found = new ArrayList<>();
        for (Match match : board.matches()) {
            MatchState state = match.state();
            if (state != null && !state.ended && select.names(state.facts) && grant.allows(state.facts)) {
                found.add(state);
            }
        }
        found.sort(Comparator.comparing(state -> state.match));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] before = "{\"matches\":[".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (MatchState state : found) {
            out.writeBytes(before);
            out.writeBytes(state.encoded().image(grant.columns()).json());
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
