package touchline.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StatementsTest {

    @Test
    void aGatewayThatIsNotThereIsSaidToBeNotThere() throws Exception {
        String address = "127.0.0.1:" + FreePort.find();
        assertThatThrownBy(() -> Statements.at(address))
                .hasMessageContaining("the gateway at")
                .hasMessageContaining(address)
                .hasMessageContaining("nothing listens there");
    }
}
