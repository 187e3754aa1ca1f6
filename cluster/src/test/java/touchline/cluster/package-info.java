/** The jobs on a real Flink cluster, submitted and killed as in an installation. */
package touchline.cluster;
