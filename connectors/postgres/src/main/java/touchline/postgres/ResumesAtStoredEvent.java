package touchline.postgres;

/** Marks our own class among two of one name, see {@link WalPositionLocatorCheck}. */
public interface ResumesAtStoredEvent {}
