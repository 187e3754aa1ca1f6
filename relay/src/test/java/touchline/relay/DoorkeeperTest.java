package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;

class DoorkeeperTest {

    private final Doorkeeper doorkeeper = new Doorkeeper(
            new Settings(Map.of("relay.connectionsPerAddress", "2")).as(RelayConfig.class, "relay"), new Counters());

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void addressesOfOneIpv6NetworkAreOne() {
        assertThat(doorkeeper.entered(address("2001:db8:0:1::1"))).isTrue();
        assertThat(doorkeeper.entered(address("2001:db8:0:1:ffff::2"))).isTrue();
        assertThat(doorkeeper.entered(address("2001:db8:0:1::3"))).isFalse();
        assertThat(doorkeeper.entered(address("2001:db8:0:2::1"))).isTrue();
        doorkeeper.left(address("2001:db8:0:1::1"));
        assertThat(doorkeeper.entered(address("2001:db8:0:1::3"))).isTrue();
    }

    @Test
    void everyIpv4AddressIsItsOwn() {
        assertThat(doorkeeper.entered(address("192.0.2.1"))).isTrue();
        assertThat(doorkeeper.entered(address("192.0.2.1"))).isTrue();
        assertThat(doorkeeper.entered(address("192.0.2.1"))).isFalse();
        assertThat(doorkeeper.entered(address("192.0.2.2"))).isTrue();
    }
}
