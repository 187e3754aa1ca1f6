package touchline.simulator;

/** Everything that must hold, each promise by itself, asked at every step that could break it. */
final class Promises {

    final Order order = new Order();
    final State state;
    final NotLost notLost;
    final KnownAge knownAge;
    final SameBytes sameBytes;
    final Links links;

    Promises(Chain chain) {
        state = new State(chain);
        notLost = new NotLost(chain);
        knownAge = new KnownAge(chain);
        sameBytes = new SameBytes(chain);
        links = new Links(chain);
    }
}
