package touchline.sandbox;

/**
 * How a match is expected to end.
 *
 * @param draw 0 where there is none to bet on
 * @param margin home minus away, in what spreads count
 * @param total in what totals count
 * @param bothScore -1 where nobody asks
 */
record Outlook(double home, double draw, double away, Discrete margin, Discrete total, double bothScore) {}
