package touchline.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.feed.Bounds;
import touchline.feed.RefusedException;

/** What the shipped SQL does not let operators say. */
class SchemaRefusalsIT {

    private static OperatorsDatabase database;

    @BeforeAll
    static void start() {
        database = OperatorsDatabase.start();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            insert into touchline.match (home) values ('a')                                  | a_manual_match_needs_home_and_away
            insert into touchline.match (home, away) values ('', 'b')                        | home_has_1_to_200_characters
            insert into touchline.match (home, away) values (concat('a', chr(9)), 'b')       | home_has_no_control_characters
            insert into touchline.match (home, away) values ('a', concat(chr(159), 'b'))     | away_has_no_control_characters
            insert into touchline.league values ('l', 'soccer', concat('a', chr(10), 'b'))   | title_has_no_control_characters
            insert into touchline.match (home, away) values (repeat(chr(128512), 101), 'b')  | home_has_at_most_200_utf_16_units_an_emoji_has_two
            insert into touchline.match (home, away) values ('a', repeat(chr(128512), 101))  | away_has_at_most_200_utf_16_units_an_emoji_has_two
            insert into touchline.league values ('l', 'soccer', repeat(chr(128512), 101))    | title_has_at_most_200_utf_16_units_an_emoji_has_two
            insert into touchline.match (home, away) values (concat(chr(8195), chr(12288)), 'b')   | home_
            insert into touchline.league values ('l', 'soccer', chr(5760))                   | title_
            insert into touchline.match (id, home) values ('no colon', 'a')                  | match_id_is_source_colon_id
            insert into touchline.match (id, score_home) values ('oddsapi:x', 1)             | score_has_both_sides_or_none
            insert into touchline.match (home, away, score_home) values ('a', 'b', 10000)    | score_lies_within_0_and_9999
            insert into touchline.match (home, away, phase) values ('a', 'b', 'over')        | phase_is_upcoming_live_or_ended
            insert into touchline.match (home, away, start) values ('a', 'b', 'infinity')    | start_lies_within_1970_and_2200
            insert into touchline.match (home, away, clock_seconds) values ('a', 'b', 86401) | clock_lies_within_0_and_86400_seconds
            insert into touchline.selection values ('manual:m', 'h2h', 'over', 2)            | outcome_belongs_to_the_market
            insert into touchline.selection values ('manual:m', 'h2h', 'home', 1)            | price_lies_within_1_001_and_10000
            insert into touchline.selection values ('manual:m', 'h2h', 'home', 'NaN')        | price_lies_within_1_001_and_10000
            insert into touchline.selection values ('manual:m', 'h2h', 'home', 'Infinity')   | price_lies_within_1_001_and_10000
            insert into touchline.selection values ('manual:m', 'h2h', 'home', 1.0015)       | price_has_at_most_3_decimals
            insert into touchline.market values ('manual:m', 'H2H')                          | market_is_a_key_as_h2h_or_totals_colon_3_5
            insert into touchline.market values ('manual:m', 'totals', 2.3)                  | line_is_a_multiple_of_a_quarter_within_1000
            insert into touchline.market values ('manual:m', 'totals', 'NaN')                | line_is_a_multiple_of_a_quarter_within_1000
            insert into touchline.incident (match, type) values ('manual:m', 'fight')        | type_is_one_of_the_eight
            insert into touchline.command (match, action) values ('manual:m', 'stop')        | action_is_suspend_or_resume
            insert into touchline.command (match) values ('manual:nobody')                   | there is no match manual:nobody
            insert into touchline.command (match, action) values ('manual:m', 'resume')      | nothing to resume
            insert into touchline.link values ('oddsapi:s', 'oddsapi:s')                     | a_match_is_not_linked_to_itself
            insert into touchline.link values ('manual:m', 'oddsapi:s')                      | a_manual_match_is_linked_to_and_never_away
            insert into touchline.link values ('oddsapi:s', 'manual:nobody')                 | there is no match manual:nobody
            update touchline.match_document set rev = rev + 1                                | permission denied
            insert into touchline.match_dirty (match) values ('manual:m')                    | permission denied
            select touchline.raise_generation()                                              | permission denied
            """)
    void whatCannotBeMeantIsRefusedWithItsRemedy(String sql, String complaint) throws Exception {
        database.operator(
                "insert into touchline.match (id, home, away) values ('manual:m', 'a', 'b') on conflict do nothing");
        assertThatThrownBy(() -> database.operator(sql)).hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            insert into touchline.selection select 'manual:m', 'winner', concat('o', g), 2 from generate_series(1, 41) g          | market winner of manual:m has 41 outcomes, at most 40 are read: delete selections
            insert into touchline.incident (match, type) select 'manual:m', 'corner' from generate_series(1, 5001) g         | incidents of manual:m has 5001 items, at most 5000 are read: delete
            insert into touchline.market (match, market) select 'manual:m', concat('m', g) from generate_series(1, 5001) g         | markets of manual:m has 5001 items, at most 5000 are read: delete
            insert into touchline.command (match, market) select 'oddsapi:z', concat('m', g) from generate_series(1, 5001) g       | suspend of oddsapi:z has 5001 items, at most 5000 are read: delete
            insert into touchline.selection select 'manual:m', concat(repeat('m', 50), m), concat(repeat('o', 50), o), 2 from generate_series(1, 300) m, generate_series(1, 40) o | bytes, at most 500000 are read: delete markets
            """)
    void aDocumentThatNobodyCouldReadIsRefusedAtCommit(String sql, String complaint) throws Exception {
        database.operator(
                "insert into touchline.match (id, home, away) values ('manual:m', 'a', 'b') on conflict do nothing");
        String rev = database.one("select rev from touchline.match_document where match = 'manual:m'");
        assertThatThrownBy(() -> database.operator(sql)).hasMessageContaining(complaint);
        assertThat(database.one("select rev from touchline.match_document where match = 'manual:m'"))
                .isEqualTo(rev);
    }

    @Test
    void namesAreRefusedForExactlyTheControlCharactersThatTheFeedRefuses() throws Exception {
        String match = match("Reds", "Blues");
        for (int c = 1; c <= 0x2030; c = c == 0xff ? 0x2000 : c + 1) {
            String name = "a" + (char) c;
            String sql = "update touchline.match set home = concat('a', chr(" + c + ")) where id = '" + match + "'";
            if (Character.isISOControl(c)) {
                assertThatThrownBy(() -> Bounds.text("home", name)).isInstanceOf(RefusedException.class);
                assertThatThrownBy(() -> database.operator(sql)).hasMessageContaining("home_has_no_control_characters");
            } else {
                assertThat(Bounds.text("home", name)).isEqualTo(name);
                database.operator(sql);
                assertThat(database.one("select home from touchline.match where id = '" + match + "'"))
                        .isEqualTo(name);
            }
        }
    }

    @Test
    void theOwnerCannotTruncate() {
        assertThatThrownBy(() -> database.superuser("truncate touchline.match cascade"))
                .hasMessageContaining("use delete");
    }

    @Test
    void chainsAndTwoOfOneProviderAreRefused() throws Exception {
        String match = match("Reds", "Blues");
        database.operator("insert into touchline.link values ('oddsapi:c1', '" + match + "')");
        assertThatThrownBy(() -> database.operator("insert into touchline.link values ('oddsapi:c2', '" + match + "')"))
                .hasMessageContaining("one_match_per_provider_is_linked_to_a_match");
        assertThatThrownBy(() -> database.operator("insert into touchline.link values ('other:c2', 'oddsapi:c1')"))
                .hasMessageContaining("oddsapi:c1 is itself linked to " + match);
        database.operator("insert into touchline.link values ('other:c3', 'oddsapi:c4')");
        assertThatThrownBy(() -> database.operator("insert into touchline.link values ('oddsapi:c4', '" + match + "')"))
                .hasMessageContaining("links do not form chains");
    }

    @Test
    void aLinkDoesNotSilenceATrader() throws Exception {
        String match = match("Reds", "Blues");
        database.operator("insert into touchline.command (match) values ('oddsapi:t1')");
        assertThatThrownBy(() -> database.operator("insert into touchline.link values ('oddsapi:t1', '" + match + "')"))
                .hasMessageContaining("operator's word of its own");
        database.operator("insert into touchline.link values ('oddsapi:t2', '" + match + "')");
        assertThatThrownBy(() -> database.operator("insert into touchline.command (match) values ('oddsapi:t2')"))
                .hasMessageContaining("oddsapi:t2 is linked to " + match);
        assertThatThrownBy(() -> database.operator("insert into touchline.match (id) values ('oddsapi:t2')"))
                .hasMessageContaining("oddsapi:t2 is linked to " + match);
    }

    private static String match(String home, String away) throws SQLException {
        try (Connection connection = database.connectAs("touchline_operator");
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("insert into touchline.match (home, away) values ('" + home + "', '"
                        + away + "') returning id")) {
            row.next();
            return row.getString(1);
        }
    }
}
