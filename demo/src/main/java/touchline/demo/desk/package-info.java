/**
 * The operator page of the demo: a page on loopback whose orders become SQL, as operators write it. Part of the demo only; no
 * relay and no job knows of it. Read {@link touchline.demo.desk.DeskServer} first.
 */
@NullMarked
package touchline.demo.desk;

import org.jspecify.annotations.NullMarked;
