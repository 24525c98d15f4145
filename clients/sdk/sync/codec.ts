import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { FoedusError } from "../error.ts";

/** How values become the bytes that are kept, signed and synced; all who share it use the same. */
export interface Codec<Value> {
  encode(value: Value): Uint8Array;
  /** Throws on bytes that another codec wrote. */
  decode(bytes: Uint8Array): Value;
}

/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** JSON in UTF-8: what collections use unless told otherwise. */
export const jsonCodec: Codec<Json> = {
  encode(value) {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) {
      const problem = "JSON cannot say it";
      throw new FoedusError(Reason.SYNC_VALUE_INVALID, { what: `a ${typeof value}`, problem });
    }
    return new TextEncoder().encode(text);
  },
  decode: (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json,
};

/** Bytes as they are. */
export const bytesCodec: Codec<Uint8Array> = {
  encode: (value) => value,
  decode: (bytes) => bytes,
};
