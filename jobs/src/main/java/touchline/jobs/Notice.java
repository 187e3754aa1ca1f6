package touchline.jobs;

import touchline.postgres.Captured;

/** What the manual feed hears of one match. */
sealed interface Notice {

    String match();

    /** A row of the operators: a document, or one that cannot be used. */
    record Row(String match, Captured row) implements Notice {}

    /**
     * A provider has the match, under whatever id it is kept.
     *
     * @param completed it says that it is over
     */
    record Listed(String match, boolean completed) implements Notice {}
}
