package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import touchline.update.MarketUpdate;

/**
 * Random lives of matches, told by two relays of which one lags, to clients that subscribe, stop reading, leave and come back
 * to either relay. Whatever happens, nobody is told what does not follow on what he holds, and in the end everybody holds what
 * is so. {@code -Dtouchline.seeds=N} runs more of them.
 */
class RelayLawsTest {

    private static final int SEEDS = Integer.getInteger("touchline.seeds", 300);
    private static final List<Columns> COLUMNS = List.of(
            Columns.ALL, Columns.of(List.of("h2h")), Columns.of(List.of("totals")), Columns.of(List.of("h2h", "btts")));

    @TestFactory
    Stream<DynamicTest> everybodyIsBroughtToWhatIsSo() {
        return IntStream.range(0, SEEDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Life(seed).run()));
    }

    private static final class Life {
        private final Random random;
        private final List<Truth> truths = Truth.some(4);
        private final List<Stand> stands;
        private final List<Queue<MarketUpdate>> untold = List.of(new ArrayDeque<>(), new ArrayDeque<>());
        private final List<Person> people = new ArrayList<>();

        Life(int seed) {
            random = new Random(seed);
            Map<String, String> settings = Map.of(
                    "relay.removedMax",
                    "" + random.nextInt(6),
                    "relay.frameBytes",
                    random.nextBoolean() ? "1024" : "65536");
            stands = List.of(new Stand(settings), new Stand(settings));
            for (Truth truth : truths) {
                say(truth.begin(random.nextBoolean() ? "live" : "upcoming", "epl"));
            }
            for (int i = 0; i < 4; i++) {
                people.add(new Person());
            }
        }

        void run() {
            for (int step = 0; step < 150; step++) {
                Truth truth = truths.get(random.nextInt(truths.size()));
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> say(truth.happen(random));
                    case 3 -> tell(0, random.nextInt(4));
                    case 4 -> tell(1, random.nextInt(4));
                    case 5 -> person().act();
                    case 6 -> person().subscribe();
                    default -> stands.get(random.nextInt(2)).pass(random.nextInt(300));
                }
                people.forEach(Person::read);
            }
            tell(0, Integer.MAX_VALUE);
            tell(1, Integer.MAX_VALUE);
            for (Person person : people) {
                person.settle();
            }
            for (Stand stand : stands) {
                for (int i = 0; i < 30; i++) {
                    stand.beat();
                    stand.pass(100);
                }
            }
            people.forEach(Person::read);
            people.forEach(Person::check);
        }

        private Person person() {
            return people.get(random.nextInt(people.size()));
        }

        private void say(MarketUpdate update) {
            untold.forEach(queue -> queue.add(update));
        }

        private void tell(int stand, int count) {
            for (int i = 0; i < count && !untold.get(stand).isEmpty(); i++) {
                MarketUpdate update = untold.get(stand).remove();
                List<MarketUpdate> amidst =
                        untold.get(stand).stream().limit(random.nextInt(3)).toList();
                stands.get(stand).tellAmidst(amidst);
                assertThat(stands.get(stand).tell(update))
                        .as("fits: %s", update)
                        .isTrue();
                if (stands.get(stand).hasToldAmidst()) {
                    untold.get(stand).removeAll(amidst);
                }
                if (random.nextInt(4) == 0) {
                    stands.get(stand).tell(update);
                }
            }
            stands.get(stand).beat();
        }

        private final class Person {
            private final Reader reader = new Reader();
            private final Map<Long, Wanted.Part> parts = new HashMap<>();
            private Stand.@Nullable Member member;
            /** Of each match held, the columns under which it came. */
            private Columns columns = Columns.ALL;

            void act() {
                Stand.Member member = this.member;
                if (member == null) {
                    connect();
                } else if (random.nextInt(3) == 0) {
                    member.leave();
                    this.member = null;
                } else {
                    member.reads(random.nextBoolean());
                }
            }

            private void connect() {
                Stand.Member member = stands.get(random.nextInt(2)).enter(reader);
                this.member = member;
                reader.held
                        .keySet()
                        .removeIf(match -> parts.values().stream().noneMatch(part -> mayName(part.select(), match)));
                if (!parts.isEmpty()) {
                    member.client.subscribe(parts, reader.have(columns));
                }
            }

            private boolean mayName(Select select, String match) {
                Reader.Holding holding = reader.held.get(match);
                return holding != null
                        && select.names(new Facts(match, holding.cells.get("match/phase"), "soccer", "epl"));
            }

            void subscribe() {
                Stand.Member member = this.member;
                if (member == null || !member.isReading()) {
                    return;
                }
                if (parts.size() > 1 || (!parts.isEmpty() && random.nextInt(4) == 0)) {
                    long id = parts.keySet().iterator().next();
                    parts.remove(id);
                    member.client.unsubscribe(id);
                } else {
                    // Of one person all subscriptions want the same columns, so that what is held says under which.
                    if (parts.isEmpty() && reader.held.isEmpty()) {
                        columns = COLUMNS.get(random.nextInt(COLUMNS.size()));
                    }
                    long id = random.nextInt(5);
                    Wanted.Part part = new Wanted.Part(select(), columns, random.nextInt(3) * 50);
                    parts.put(id, part);
                    Map<String, Client.@Nullable Held> have = reader.have(columns);
                    have.keySet().removeIf(match -> !mayName(part.select(), match));
                    for (String match : List.copyOf(reader.held.keySet())) {
                        // Something was wrong with it: he lets it go, and asks for it again.
                        if (random.nextInt(10) == 0) {
                            reader.held.remove(match);
                            have.put(match, null);
                        }
                    }
                    member.subscribe(id, part.select(), part.columns(), part.rateMs(), have);
                }
                member.read();
            }

            private Select select() {
                NavigableSet<String> ids = new TreeSet<>();
                truths.forEach(truth -> {
                    if (random.nextBoolean()) {
                        ids.add(truth.match);
                    }
                });
                ids.add("m:0");
                return switch (random.nextInt(4)) {
                    case 0 -> new Select.Matches(ids);
                    case 1 -> new Select.Phase("live");
                    case 2 -> new Select.League("epl");
                    default -> new Select.All();
                };
            }

            void read() {
                if (member != null) {
                    member.read();
                }
            }

            void settle() {
                if (member == null) {
                    connect();
                }
                if (member != null) {
                    member.reads(true);
                }
            }

            void check() {
                for (Truth truth : truths) {
                    Facts facts = new Facts(truth.match, truth.cells.get("match/phase"), "soccer", "epl");
                    boolean wanted = !truth.ended
                            && parts.values().stream()
                                    .anyMatch(part -> part.select().names(facts));
                    Reader.Holding holding = reader.held.get(truth.match);
                    if (!wanted) {
                        // What he kept over a connection without asking for it again is his own affair.
                        assertThat(holding != null
                                        && parts.values().stream()
                                                .anyMatch(part -> mayName(part.select(), truth.match)))
                                .as(
                                        "not wanted any more: %s, now %s ended=%s, held at %s, parts %s, order %s, gone %s",
                                        truth.match,
                                        truth.position,
                                        truth.ended,
                                        holding == null ? null : holding.position,
                                        parts,
                                        reader.order,
                                        reader.gone)
                                .isFalse();
                    } else {
                        assertThat(holding).as("wanted: %s", truth.match).isNotNull();
                        assertThat(holding.cells)
                                .as("%s at %s, held at %s", truth.match, truth.position, holding.position)
                                .isEqualTo(truth.seenBy(columns));
                    }
                }
                assertThat(reader.errors).isEmpty();
                if (!parts.isEmpty()) {
                    assertThat(reader.ready).containsAll(parts.keySet());
                    assertThat(reader.alive).isNotNull();
                    assertThat(reader.alive.path("late").asBoolean())
                            .as("%s", reader.alive)
                            .isFalse();
                }
            }
        }
    }
}
