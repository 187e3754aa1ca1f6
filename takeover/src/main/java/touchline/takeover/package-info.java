/**
 * How a JobManager learns that the one that leads is dead: not when its session with ZooKeeper runs out, but when its process
 * has ended. {@link touchline.takeover.QuickTakeover} is Flink's own high availability by ZooKeeper with that added;
 * {@link touchline.takeover.Vigil} is what is added. Nothing here knows a match.
 */
package touchline.takeover;
