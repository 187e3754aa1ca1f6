/**
 * The second opinion: what every reader must find if the promises hold. {@link touchline.audit.Replica} is one match
 * as a reader holds it, {@link touchline.audit.Follower} reads along while the system runs, and {@link
 * touchline.audit.Audit} folds the feed log again with a fresh machine and compares.
 *
 * <p>It only reads: nothing here writes to Kafka or Redis. It shares the rules ({@code touchline.book}) and the
 * contract ({@code touchline.update}) with the jobs and nothing else, so that a fault of theirs is not repeated here.
 */
package touchline.audit;
