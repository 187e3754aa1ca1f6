/**
 * Load and figures: what the system does per second and how long it takes, each beside the floor of what it is built on,
 * measured in the same run. Read {@link touchline.bench.Bench} first.
 */
package touchline.bench;
