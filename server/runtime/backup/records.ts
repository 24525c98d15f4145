import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { sizeDelimitedDecodeStream, sizeDelimitedEncode } from "@bufbuild/protobuf/wire";
import type { BackupRecord } from "@foedus/gen/foedus/hub/v1/backup_pb.js";
import { BackupRecordSchema } from "@foedus/gen/foedus/hub/v1/backup_pb.js";
import { unreadable } from "./fault.ts";

/** What a record is: one of the kinds of BackupRecord. */
export type Piece = NonNullable<MessageInitShape<typeof BackupRecordSchema>["record"]>;

/** Records as bytes, each with its length before it. */
export async function* encode(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const record of pieces) {
    yield sizeDelimitedEncode(BackupRecordSchema, create(BackupRecordSchema, { record }));
  }
}

type Known = Exclude<BackupRecord["record"], { case: undefined }>;
type Values = { [Each in Known as Each["case"]]: Each["value"] };
type Kind = keyof Values;

/** Records of a backup, one after the other, where each kind has its turn. */
export class Records {
  readonly #file: string;
  readonly #source: AsyncIterator<BackupRecord>;
  #next: IteratorResult<BackupRecord, unknown> | undefined;

  constructor(bytes: AsyncIterable<Uint8Array>, file: string) {
    this.#file = file;
    this.#source = sizeDelimitedDecodeStream(BackupRecordSchema, bytes)[Symbol.asyncIterator]();
  }

  /** The next record if it is of that kind; else it stays the next. */
  async take<K extends Kind>(kind: K): Promise<Values[K] | undefined> {
    this.#next ??= await this.#source.next();
    const record = this.#next.done ? undefined : this.#next.value.record;
    if (record?.case !== kind) return undefined;
    this.#next = undefined;
    return record.value as Values[K];
  }

  /**
   * The next record, which must be of that kind. @throws Fault BACKUP_UNREADABLE when it is not.
   */
  async demand<K extends Kind>(kind: K): Promise<Values[K]> {
    const value = await this.take(kind);
    if (value === undefined)
      throw unreadable(this.#file, `there is no "${kind}" where one belongs`);
    return value;
  }

  /** All that follow of that kind. */
  async *run<K extends Kind>(kind: K): AsyncGenerator<Values[K]> {
    for (let value = await this.take(kind); value !== undefined; value = await this.take(kind)) {
      yield value;
    }
  }

  /** Reads on to the end, where nothing may be left. */
  async close(): Promise<void> {
    this.#next ??= await this.#source.next();
    if (!this.#next.done) throw unreadable(this.#file, "there is more after its end");
  }
}
