package touchline.feed;

/** What a feed record says; which shape it has follows from the record's {@link Kind}. */
public sealed interface Body permits View, ManualDocument, Link, Tick {}
