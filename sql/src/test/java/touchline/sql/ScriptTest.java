package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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

    @Test
    void aStatementSetIsOneStatement() {
        String set = "EXECUTE STATEMENT SET\nBEGIN\nINSERT INTO a SELECT CASE WHEN b THEN 1 END;\n"
                + "INSERT INTO c SELECT 'END;';\n-- so much\nend";
        assertThat(Script.statements("SELECT 1;\n" + set + " /* of it */;\nSELECT 2;"))
                .extracting(Script.Statement::line, Script.Statement::text)
                .containsExactly(tuple(1, "SELECT 1"), tuple(2, set + " /* of it */"), tuple(8, "SELECT 2"));
    }

    @Test
    void aStatementSetCanBeExplained() {
        assertThat(Script.statements(
                        "explain plan for /* all */ statement set begin insert into a select 1; end; select 2"))
                .extracting(Script.Statement::text)
                .containsExactly(
                        "explain plan for /* all */ statement set begin insert into a select 1; end", "select 2");
    }
}
