package touchline.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A component of a settings record: its default, in the text that a user would write, and what it is for. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
    /** The default; {@link #REQUIRED} when there is none. */
    String value() default REQUIRED;

    /** One sentence for the person who sets it. */
    String help();

    String REQUIRED = "\0required";
}
