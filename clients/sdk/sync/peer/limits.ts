/** The largest message between two peers. */
export const messageBytesMax = 1_048_576;

/** How many bytes of ops one message carries at most. */
export const carriedBytesMax = 524_288;

/** How many segments one message carries at most. */
export const carriedMax = 256;

/** How many streams one message speaks of. */
export const streamsMax = 256;

/** Of how many replicas of a stream: those that wrote what no hub has. */
export const replicasMax = 1_024;

/** Of how many replicas of all streams together, so that a message keeps room for ops. */
export const standingsMax = 4_096;

/** How many ops one signature covers: each op is kept with it, so it should be small. */
export const signedOpsMax = 64;

/** How often one peer may ask: enough for what people write, far too little for a flood. */
export const exchangeRate = { perMinute: 240, burst: 40 };

/** How many bytes of others' ops a node holds for the hub: the rest stays with the bringer. */
export const heldBytesMax = 67_108_864;

/** And of one author's: nobody takes the room of all others. */
export const heldOfOneMax = 16_777_216;
