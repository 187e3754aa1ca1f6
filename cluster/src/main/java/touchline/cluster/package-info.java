/**
 * A whole installation on one machine, every part a process of its own that outlives the command that started it, and
 * what breaks it on purpose. Runs on the files of {@code deploy}; nothing of the product lives here.
 *
 * <p>Read {@link touchline.cluster.Assembly} first, which starts all, then {@link touchline.cluster.Fault}.
 */
package touchline.cluster;
