/**
 * Settings as typed records: {@link touchline.config.Settings} fills a record from text keys, refuses what it does not
 * know, and names the nearest key. No file and no environment is read here but for {@link touchline.config.Secret}.
 */
package touchline.config;
