package touchline.sandbox;

import java.util.List;

/**
 * A league of invented teams under the vendor's key of a real one.
 *
 * @param cycleMs from one kick-off to the next on the same ground
 * @param share of all grounds, in twenty-fourths
 */
record League(
        OddsFeed.Sport sport,
        Scoring scoring,
        long cycleMs,
        int share,
        double lineStep,
        List<String> places,
        List<String> names) {

    private static final long MINUTE = 60_000;

    private static final List<String> TOWNS = List.of(
            "Northbridge",
            "Ashmere",
            "Kelford",
            "Wyndham",
            "Oakhaven",
            "Stonleigh",
            "Marlow Bay",
            "Thornbury",
            "Eastwick",
            "Highmoor",
            "Brackley",
            "Fenwater",
            "Calder",
            "Ravensby",
            "Dunmore",
            "Hollins",
            "Westmarch",
            "Sandleigh",
            "Penrose",
            "Larkhill",
            "Tamsworth",
            "Greycliff",
            "Ironford",
            "Millbrook");
    private static final List<String> PUEBLOS = List.of(
            "Montesol",
            "Riofrio",
            "Valdemar",
            "Altamira",
            "Sotogrande",
            "Villaverde",
            "Castroluz",
            "Peñalba",
            "Torreblanca",
            "Marisma",
            "Campoviejo",
            "Solana",
            "Arroyal",
            "Navaluz",
            "Puertollano",
            "Cienfuentes",
            "Olivar",
            "Ribera Alta",
            "Almazul",
            "Bahía Clara",
            "Encinar",
            "Fuenteoro",
            "Lagunilla",
            "Matorral");
    private static final List<String> STAEDTE = List.of(
            "Falkenau",
            "Lindenberg",
            "Rosenthal",
            "Grünfeld",
            "Steinhagen",
            "Waldburg",
            "Neukirch",
            "Altmark",
            "Seefurt",
            "Birkenau",
            "Hohenried",
            "Kaltenbach",
            "Moorstadt",
            "Ulmenhof",
            "Erlental",
            "Weidenbrück",
            "Donauwiese",
            "Eichsfeld",
            "Tannberg",
            "Mühlheide",
            "Rheinau",
            "Salzkirch",
            "Buchloe",
            "Tiefensee");
    private static final List<String> INITIALS = List.of(
            "A.", "B.", "C.", "D.", "E.", "F.", "G.", "H.", "I.", "J.", "K.", "L.", "M.", "N.", "O.", "P.", "R.", "S.",
            "T.", "U.", "V.", "W.", "Y.", "Z.");
    private static final List<String> SURNAMES =
            List.of("Marchetti", "Olsen", "Duvallier", "Kowalczyk", "Tanabe", "Petrakis", "Lindqvist", "Ferreyra");

    static final List<League> ALL = List.of(
            new League(
                    new OddsFeed.Sport("soccer_epl", "Soccer", "EPL", "English Premier League", true),
                    GoalScoring.SOCCER,
                    130 * MINUTE,
                    6,
                    0.25,
                    TOWNS,
                    List.of("%s United", "%s City", "%s Rovers", "%s Town")),
            new League(
                    new OddsFeed.Sport("soccer_spain_la_liga", "Soccer", "La Liga - Spain", "Spanish Soccer", true),
                    GoalScoring.SOCCER,
                    130 * MINUTE,
                    4,
                    0.25,
                    PUEBLOS,
                    List.of("Real %s", "Deportivo %s", "Atlético %s", "%s CF")),
            new League(
                    new OddsFeed.Sport(
                            "soccer_germany_bundesliga", "Soccer", "Bundesliga - Germany", "German Soccer", true),
                    GoalScoring.SOCCER,
                    130 * MINUTE,
                    4,
                    0.25,
                    STAEDTE,
                    List.of("FC %s", "SV %s", "%s 04", "Eintracht %s")),
            new League(
                    new OddsFeed.Sport("basketball_nba", "Basketball", "NBA", "US Basketball", true),
                    new PointScoring(),
                    165 * MINUTE,
                    4,
                    0.5,
                    TOWNS,
                    List.of("%s Comets", "%s Herons", "%s Miners", "%s Sparks")),
            new League(
                    new OddsFeed.Sport("icehockey_nhl", "Ice Hockey", "NHL", "US Ice Hockey", true),
                    GoalScoring.HOCKEY,
                    180 * MINUTE,
                    3,
                    0.5,
                    TOWNS,
                    List.of("%s Icebreakers", "%s Lynx", "%s Blizzard", "%s Moose")),
            new League(
                    new OddsFeed.Sport("tennis_atp_wimbledon", "Tennis", "ATP Wimbledon", "Men's Singles", true),
                    new SetScoring(),
                    270 * MINUTE,
                    3,
                    0.5,
                    INITIALS,
                    SURNAMES.stream().map(surname -> "%s " + surname).toList()));

    /** The n-th team; no two have the same name. */
    String team(int n) {
        int place = n % places.size();
        int name = (n + n / places.size()) % names.size();
        int again = n / (places.size() * names.size());
        return names.get(name).formatted(places.get(place)) + (again == 0 ? "" : " " + (again + 1));
    }

    /** What a bookmaker's line is a multiple of. */
    double step(boolean fine) {
        return fine ? lineStep : 0.5;
    }
}
