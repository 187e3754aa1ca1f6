/**
 * Everything in one process: real servers, both jobs, simulated or recorded matches, and a board in the terminal. Read
 * {@link touchline.demo.Demo} first, then {@link touchline.demo.World} (what runs) and {@link touchline.demo.Watch}
 * (what is seen of it).
 *
 * <p>Nothing here is needed in production, and nothing here knows a rule: it starts, watches, shows and judges.
 */
package touchline.demo;
