import { create } from "@bufbuild/protobuf";
import { PayloadSchema, type Payload } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";
import { payloadBytesMax, textIn } from "./payload.ts";
import type { Run } from "./run.ts";

/** As sysexits.h calls them: another attempt would end the same way. */
const finalCodes: ReadonlySet<number> = new Set([64, 65, 66, 77, 78]);
/** EX_TEMPFAIL: later it may go well. */
const laterCode = 75;

/** What a command's end makes of its task. @throws TaskFailed for all but a good end */
export function outcomeOf({ code, killedBy, output, outputBytes, errors }: Run): Payload {
  if (code !== 0 || killedBy !== undefined) {
    const reason = killedBy === undefined ? `EXIT_${code}` : `KILLED_${killedBy}`;
    const what = killedBy === undefined ? `it ended with ${code}` : `${killedBy} ended it`;
    const message = errors === "" ? what : errors;
    if (code === laterCode) throw new TaskFailed("TEMPORARY", message);
    throw new TaskFailed(reason, message, { isFinal: finalCodes.has(code) });
  }
  if (outputBytes <= payloadBytesMax) {
    return create(PayloadSchema, { contentType: typeOf(output), body: output });
  }
  const limit = `a result has at most ${payloadBytesMax}: write it to a file and print its place`;
  const message = `it wrote ${outputBytes} bytes to standard output, and ${limit}`;
  throw new TaskFailed("RESULT_TOO_LARGE", message, { isFinal: true });
}

function typeOf(output: Uint8Array): string {
  const text = output.length === 0 ? undefined : textIn(output);
  if (output.length === 0) return "";
  if (text === undefined || text.includes("\0")) return "application/octet-stream";
  return isJson(text) ? "application/json" : "text/plain";
}

/** A bare word or figure is a text to most programs: JSON is what has a shape. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/u.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
