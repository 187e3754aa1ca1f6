package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a script answered, word by word; the first says which answer it is. The scripts say what follows.
 */
record Reply(List<String> words) {

    /** From the bulk strings of the protocol. */
    static Reply of(List<?> answer) {
        return new Reply(answer.stream()
                .map(word -> word instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(word))
                .collect(Collectors.toUnmodifiableList()));
    }

    String first() {
        return at(0);
    }

    /** A word, empty when there is none. */
    String at(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
