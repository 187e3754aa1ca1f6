package touchline.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import touchline.sandbox.Detour;

/**
 * All routes as a process. Its arguments are a port to be told what to do, and {@code name=port:target} for each; it is told
 * by {@code POST /name?delayMs=80&lossPercent=5}, {@code ?blocked=true}, {@code ?blocked=false}, {@code ?forget=true}.
 */
final class Network {

    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;

    private final Map<String, Detour> routes = new TreeMap<>();

    private Network() {}

    /** Serves until it is killed. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Network network = new Network();
        for (int i = 1; i < args.length; i++) {
            String[] words = args[i].split("[=:]", 3);
            network.routes.put(words[0], Detour.start(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        }
        HttpServer http = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 10);
        http.createContext("/", network::handle);
        http.start();
        System.out.println("routes " + network.routes.keySet());
        new CountDownLatch(1).await();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Detour route = routes.get(exchange.getRequestURI().getPath().substring(1));
            if (route != null) {
                words(exchange.getRequestURI().getQuery()).forEach((word, value) -> turn(route, word, value));
            }
            exchange.sendResponseHeaders(route == null ? NOT_FOUND : NO_CONTENT, -1);
        }
    }

    private static Map<String, String> words(String query) {
        Map<String, String> words = new HashMap<>();
        for (String pair : query.split("&")) {
            words.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return words;
    }

    private static void turn(Detour route, String word, String value) {
        switch (word) {
            case "delayMs" -> route.delay(Long.parseLong(value));
            case "lossPercent" -> route.lose(Integer.parseInt(value));
            case "forget" -> route.forgetConnections();
            case "blocked" -> {
                if (Boolean.parseBoolean(value)) {
                    route.block();
                } else {
                    route.unblock();
                }
            }
            default -> throw new IllegalArgumentException(word + ": delayMs, lossPercent, blocked or forget");
        }
    }
}
