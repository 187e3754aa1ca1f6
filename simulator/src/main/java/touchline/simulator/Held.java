package touchline.simulator;

import touchline.update.Position;

/** A match as a client holds it. */
final class Held {

    Position position;
    Cells cells = Cells.NONE;
    /** Under which it was sent for sure. */
    Columns sure = Columns.NONE;
    /** It ended or went on elsewhere. */
    boolean over;

    Held(Position position) {
        this.position = position;
    }
}
