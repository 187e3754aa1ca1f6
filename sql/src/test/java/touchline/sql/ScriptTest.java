package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScriptTest {

    @Test
    void aSemicolonEndsAStatementOnlyWhereItIsNoText() {
        assertThat(Script.statements("SELECT 'a;b', `c;d` -- no; end\n FROM t /* nor; here */;\n\nSELECT 'it''s;'"))
                .containsExactly(
                        new Script.Statement(1, "SELECT 'a;b', `c;d` -- no; end\n FROM t /* nor; here */"),
                        new Script.Statement(4, "SELECT 'it''s;'"));
    }

    @Test
    void commentsBeforeAStatementAreNotItsBeginning() {
        assertThat(Script.statements("-- question\n/* who\n asks */\nSELECT 1;\n-- the end\n"))
                .containsExactly(new Script.Statement(4, "SELECT 1"));
    }

    @Test
    void aHintIsPartOfItsStatement() {
        assertThat(Script.statements("/*+ OPTIONS('a'='b;c') */ SELECT 1;"))
                .containsExactly(new Script.Statement(1, "/*+ OPTIONS('a'='b;c') */ SELECT 1"));
    }

    @Test
    void aTextThatNeverEndsIsOneStatement() {
        assertThat(Script.statements("SELECT 'a; b")).containsExactly(new Script.Statement(1, "SELECT 'a; b"));
    }
}
