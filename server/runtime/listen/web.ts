import { readFileSync } from "node:fs";
import { createServer as createHttp1 } from "node:http";
import { createServer as createHttp2, createSecureServer } from "node:http2";
import type { Socket } from "node:net";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { http1Limits, sessionLimits, tlsLimits } from "./limits.ts";
import type { DoorOptions, DoorParts, Listener } from "./listener.ts";
import { attach, openDoor, openParts } from "./listener.ts";
import { tellApart } from "./preface.ts";
import type { WebPages } from "./web.pages.ts";
import { answerWeb } from "./web.pages.ts";

/**
 * The door of people and programs: every protocol over HTTP/1.1 and HTTP/2 on one port, without TLS
 * by default, where the preface tells the versions apart, else with TLS and ALPN.
 */
export async function openWebListener(options: DoorOptions, pages: WebPages): Promise<Listener> {
  const { requestBytesMax, webPort, webCertificateFile } = options.config;
  const own = { door: "web", requestBytesMax, fallback: answerWeb(pages) } as const;
  const parts = openParts(options, own);
  const hand = webCertificateFile === "" ? openPlain(options, parts) : openSecure(options, parts);
  return await openDoor("web", webPort, options, parts, hand);
}

function openPlain(options: DoorOptions, parts: DoorParts): (socket: Socket) => void {
  const { world, meters } = options.kit;
  const http1 = createHttp1(http1Limits);
  const http2 = createHttp2(sessionLimits);
  attach(http1, parts);
  attach(http2, parts);
  // The checks of headersTimeout and requestTimeout begin with this event, and we listen elsewhere.
  http1.emit("listening");
  return (socket) =>
    tellApart(world, socket, {
      http1: () => void http1.emit("connection", socket),
      http2: () => void http2.emit("connection", socket),
      silent: () => meters.connectionCut("web", "silent"),
    });
}

function openSecure(options: DoorOptions, parts: DoorParts): (socket: Socket) => void {
  const { webCertificateFile, webKeyFile } = options.config;
  const server = createSecureServer({
    ...sessionLimits,
    ...tlsLimits,
    ...http1Limits,
    allowHTTP1: true,
    cert: readPem("web_certificate_file", webCertificateFile),
    key: readPem("web_key_file", webKeyFile),
  });
  attach(server, parts);
  server.emit("listening");
  return (socket) => void server.emit("connection", socket);
}

function readPem(field: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Fault(Reason.CONFIG_INVALID, { field, problem }, { cause: error });
  }
}
