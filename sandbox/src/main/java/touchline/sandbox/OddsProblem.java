package touchline.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/** An answer of the vendor's that is an error. */
final class OddsProblem extends Exception {

    private static final String DETAILS = "https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html";

    private final int status;
    private final String code;

    OddsProblem(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** As the vendor answers this status when nothing more is known. */
    static OddsProblem usual(int status, String code) {
        String usual = switch (status) {
            case 401 -> "INVALID_KEY";
            case 404 -> "EVENT_NOT_FOUND";
            case 422 -> "INVALID_MARKET";
            case 429 -> "EXCEEDED_FREQ_LIMIT";
            default -> "";
        };
        String shown = code.isEmpty() ? usual : code;
        return new OddsProblem(
                status,
                shown,
                switch (shown) {
                    case "INVALID_KEY" -> "API key is not valid. Get an API key from https://the-odds-api.com";
                    case "OUT_OF_USAGE_CREDITS" ->
                        "Usage quota has been reached. See usage plans at https://the-odds-api.com";
                    case "DEACTIVATED_KEY" -> "API key has been deactivated. Contact support";
                    case "EXCEEDED_FREQ_LIMIT" ->
                        "Requests are too frequent. Limit the frequency to 30 requests per second";
                    case "" -> "Internal server error";
                    default -> shown.replace('_', ' ');
                });
    }

    int status() {
        return status;
    }

    byte[] body() {
        String text = "{\"message\":\""
                + String.valueOf(getMessage()).replace("\\", "").replace("\"", "'") + "\"";
        if (!code.isEmpty()) {
            text += ",\"error_code\":\"" + code + "\",\"details_url\":\"" + DETAILS + "#"
                    + code.toLowerCase(Locale.ROOT).replace('_', '-') + "\"";
        }
        return (text + "}").getBytes(UTF_8);
    }
}
