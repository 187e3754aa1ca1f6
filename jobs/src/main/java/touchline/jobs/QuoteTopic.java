package touchline.jobs;

import java.io.Serializable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.util.OutputTag;
import touchline.book.Quotation;

/**
 * The way of quotations out of the market operator.
 *
 * @param tag their side output
 * @param stampMs stamps that move alone are told no more often than this
 * @param former what the books of an earlier generation have left in the topic
 */
record QuoteTopic(OutputTag<Quotation> tag, long stampMs, Former former) implements Serializable {

    /** Finds what stands in the topic of some matches, and tells of each that it is withdrawn, of some more than once. */
    interface Former extends Serializable {
        void withdraw(Predicate<String> match, Consumer<Quotation> withdrawn);
    }
}
