package touchline.jobs;

import touchline.book.MarketRules;
import touchline.config.Settings;
import touchline.oddsapi.OddsApiConfig;
import touchline.postgres.PostgresSettings;
import touchline.redis.RedisConfig;

/** Which settings a job may be given. */
final class JobArguments {

    private JobArguments() {}

    /** One file may serve both jobs, so the keys of either are known to either. */
    static void refuseUnknown(Settings settings) {
        settings.know(JobConfig.class, "job");
        settings.know(KafkaConfig.class, "kafka");
        settings.know(MarketRules.class, "market");
        settings.know(RedisConfig.class, "redis");
        settings.know(OddsApiConfig.class, "oddsapi");
        settings.know(PostgresSettings.class, "postgres");
        settings.refuseUnknown();
    }
}
