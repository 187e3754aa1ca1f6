package touchline.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The statements of a script, each ended by a semicolon that stands in no text, quoted name or comment. A statement set
 * ({@code EXECUTE STATEMENT SET BEGIN ...; ...; END}) is one statement.
 */
final class Script {

    /** @param line its first one, from 1 */
    record Statement(int line, String text) {}

    private static final Pattern SET =
            Pattern.compile("(?i)^(?:EXECUTE|EXPLAIN\\b[\\w\\s,]*?)\\s+STATEMENT\\s+SET\\s+BEGIN\\b");
    private static final Pattern END = Pattern.compile("(?i)END");

    private Script() {}

    static List<Statement> statements(String script) {
        List<Statement> statements = new ArrayList<>();
        int begin = 0;
        int part = 0;
        int at = 0;
        while (at < script.length()) {
            if (script.charAt(at) == ';') {
                if (!isSet(script.substring(begin, at))
                        || END.matcher(words(script.substring(part, at))).matches()) {
                    add(statements, script, begin, at);
                    begin = at + 1;
                }
                at++;
                part = at;
            } else {
                at = after(script, at);
            }
        }
        add(statements, script, begin, script.length());
        return statements;
    }

    private static boolean isSet(String statement) {
        return SET.matcher(words(statement)).find();
    }

    /** Without comments. */
    private static String words(String text) {
        StringBuilder words = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int next = comment(text, at);
            if (next > at) {
                words.append(' ');
            } else {
                next = after(text, at);
                words.append(text, at, next);
            }
            at = next;
        }
        return words.toString().strip();
    }

    private static void add(List<Statement> statements, String script, int begin, int end) {
        int from = begin;
        while (from < end) {
            int next = blankOrComment(script, from);
            if (next == from) {
                break;
            }
            from = Math.min(next, end);
        }
        if (from < end) {
            int line = 1
                    + (int) script.substring(0, from)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            statements.add(new Statement(line, script.substring(from, end).strip()));
        }
    }

    /** Behind the white space or comment that begins here, or here. */
    private static int blankOrComment(String script, int at) {
        return Character.isWhitespace(script.charAt(at)) ? at + 1 : comment(script, at);
    }

    /** Behind the comment that begins here, or here. */
    private static int comment(String script, int at) {
        if (script.startsWith("--", at)) {
            return end(script, script.indexOf('\n', at), 1);
        }
        boolean hint = script.startsWith("/*+", at);
        return script.startsWith("/*", at) && !hint ? end(script, script.indexOf("*/", at + 2), 2) : at;
    }

    private static int after(String script, int at) {
        char c = script.charAt(at);
        if (c == '\'' || c == '`' || c == '"') {
            return end(script, script.indexOf(c, at + 1), 1);
        }
        int comment = comment(script, at);
        return comment == at ? at + 1 : comment;
    }

    private static int end(String script, int found, int length) {
        return found < 0 ? script.length() : found + length;
    }
}
