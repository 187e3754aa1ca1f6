package touchline.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a gateway says of a failure, without the stack: the messages of the causes, the last one first. */
final class Failure {

    private static final Pattern CAUSE =
            Pattern.compile("(?m)^(?:<Exception on server side:\\s*|Caused by: )([\\w.$]+)(?:: (.*))?$");

    private static final int MOST = 2;

    private Failure() {}

    static String words(JsonNode errors) {
        StringBuilder all = new StringBuilder();
        errors.forEach(error -> all.append(error.asText()).append('\n'));
        List<String> causes = new ArrayList<>();
        Matcher matcher = CAUSE.matcher(all);
        while (matcher.find()) {
            String message = matcher.group(2);
            if (message != null && !message.isBlank()) {
                int stack = all.indexOf("\n\tat ", matcher.start(2));
                String whole = stack < 0 ? message : all.substring(matcher.start(2), stack);
                causes.add(whole.strip());
            }
        }
        if (causes.isEmpty()) {
            return all.toString().strip();
        }
        StringBuilder words = new StringBuilder();
        int told = 0;
        for (int i = causes.size() - 1; i >= 0 && told < MOST; i--) {
            if (words.indexOf(causes.get(i)) < 0) {
                words.append(words.isEmpty() ? "" : "\n  in: ").append(causes.get(i));
                told++;
            }
        }
        return words.toString();
    }
}
