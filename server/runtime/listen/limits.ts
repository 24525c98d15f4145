import { constants } from "node:crypto";
import type { SecureServerOptions } from "node:http2";

/** What one HTTP/2 session may ask of us (evidence: floods of frames, headers and resets). */
export const sessionLimits = {
  settings: {
    enablePush: false,
    maxConcurrentStreams: 100,
    maxHeaderListSize: 16_384,
    initialWindowSize: 262_144,
  },
  maxSessionMemory: 10,
  maxSessionInvalidFrames: 100,
  maxSettings: 32,
  unknownProtocolTimeout: 5_000,
} satisfies SecureServerOptions;

/** How much of a session may be under way to us, over all its streams. */
export const sessionWindowBytes = 1_048_576;

/**
 * TLS of every listener: the newest version, and no tickets, so that none outlives a certificate.
 */
export const tlsLimits = {
  minVersion: "TLSv1.3",
  secureOptions: constants.SSL_OP_NO_TICKET,
  handshakeTimeout: 5_000,
} satisfies SecureServerOptions;

/** What one HTTP/1.1 connection may ask of us. */
export const http1Limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 5_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
};

/** A connection that says nothing. */
export const firstByteMs = 5_000;

/** A unary request whose body does not come to an end. */
export const bodyMs = 30_000;

/** A reader that takes nothing of what waits for it. */
export const stallMs = 30_000;

/** How often a session is asked whether it is there, and how long it may think. */
export const pingEveryMs = 20_000;
export const pingAnswerMs = 10_000;

/**
 * Resets a session may bring about: by far more than a page that is left, by far less than a flood.
 */
export const resetRate = { perMinute: 1_200, burst: 500 };

/**
 * Pings and settings of a session. gRPC clients measure a busy link with many pings; floods have
 * more.
 */
export const controlFrameRate = { perMinute: 6_000, burst: 5_000 };

/** The largest answer. */
export const answerBytesMax = 8_388_608;

/** The largest request in JSON, which takes far more work than its size tells. */
export const jsonBytesMax = 262_144;

/** The largest request of somebody who proved nothing. */
export const strangerBytesMax = 262_144;

/** How often connections are looked over. */
export const lookMs = 1_000;
