package touchline.oddsapi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/** A vendor that answers what the test laid out: once each, in order, and then the last one for ever. */
final class FakeOddsApi implements OddsApi {

    private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
    private final Map<String, RuntimeException> bugs = new ConcurrentHashMap<>();
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    /** @param call {@code odds/<sport>}, {@code scores/<sport>} or {@code sports} */
    FakeOddsApi answers(String call, Answer... given) {
        answers.put(call, new ArrayDeque<>(List.of(given)));
        return this;
    }

    /** No vendor's failure, but one that must not be. */
    void throwing(String call, RuntimeException bug) {
        bugs.put(call, bug);
    }

    static Answer ok(String... events) {
        return new Answer(Outcome.OK, "[" + String.join(",", events) + "]", null, 0, "");
    }

    static Answer ended(Outcome outcome) {
        return new Answer(outcome, "", null, 0, outcome + " by a test");
    }

    /** An event of one bookmaker's h2h in soccer_epl. */
    static String event(String id, String start, String price) {
        return """
            {"id":"%s","sport_key":"soccer_epl","sport_title":"EPL","commence_time":"%s",
             "home_team":"Bears","away_team":"Lions","bookmakers":[{"key":"a","markets":[{"key":"h2h","outcomes":[
             {"name":"Bears","price":%s},{"name":"Lions","price":1.9},{"name":"Draw","price":3.5}]}]}]}""".formatted(id, start, price);
    }

    List<String> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    @Override
    public Answer odds(String sport) {
        return next("odds/" + sport);
    }

    @Override
    public Answer scores(String sport) {
        return next("scores/" + sport);
    }

    @Override
    public Answer sports() {
        return next("sports");
    }

    @Override
    public void close() {}

    private Answer next(String call) {
        calls.add(call);
        RuntimeException bug = bugs.get(call);
        if (bug != null) {
            throw bug;
        }
        Queue<Answer> left = answers.getOrDefault(call, new ArrayDeque<>());
        synchronized (left) {
            Answer answer = left.size() > 1 ? left.poll() : left.peek();
            return answer == null ? ended(Outcome.BAD_REQUEST) : answer;
        }
    }
}
