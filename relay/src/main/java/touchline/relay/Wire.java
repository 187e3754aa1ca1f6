package touchline.relay;

/** How frames go to a client. */
enum Wire {
    WEBSOCKET,
    /** With permessage-deflate, no context taken over in either direction. */
    WEBSOCKET_DEFLATE,
    SSE
}
