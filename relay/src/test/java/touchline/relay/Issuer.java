package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Issues tokens, good ones and bad ones. */
final class Issuer {

    static final String ISSUER = "https://issuer.example";
    static final String AUDIENCE = "touchline";
    /** The wall clock of these tests, s. */
    static final long NOW = 1_800_000_000;

    private Issuer() {}

    static RSAKey rsa(String kid, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static ECKey ec(String kid, Curve curve) {
        try {
            return new ECKeyGenerator(curve).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key of Ed25519: its public half as the issuer publishes it, and its private one. */
    record Edwards(OctetKeyPair published, KeyPair pair) {
        static Edwards make(String kid) {
            try {
                KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                byte[] encoded = pair.getPublic().getEncoded();
                byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
                return new Edwards(
                        new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                                .keyID(kid)
                                .build(),
                        pair);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        String sign(JWTClaimsSet claims) {
            try {
                JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA)
                        .keyID(published.getKeyID())
                        .build();
                String input = header.toBase64URL() + "." + Base64URL.encode(claims.toString());
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(pair.getPrivate());
                signature.update(input.getBytes(UTF_8));
                return input + "." + Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(true);
    }

    /** Good ones, for the next minute. */
    static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .serializeNullClaims(true)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("alice")
                .claim("exp", NOW + 60);
    }

    static String sign(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
        return sign(key, new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims);
    }

    static String sign(JWK key, JWSHeader header, JWTClaimsSet claims) {
        try {
            JWSSigner signer = key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey());
            return signed(header, claims, signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By a shared secret. */
    static String sign(byte[] secret, JWTClaimsSet claims) {
        try {
            return signed(new JWSHeader(JWSAlgorithm.HS256), claims, new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    /** As it should never be accepted. */
    static String unsigned(JWTClaimsSet claims) {
        String header = "{\"alg\":\"" + Algorithm.NONE + "\"}";
        return Base64URL.encode(header) + "." + Base64URL.encode(claims.toString()) + ".";
    }

    static Map<String, Object> limits(Object select, Object markets) {
        return Map.of("select", select, "markets", markets);
    }
}
