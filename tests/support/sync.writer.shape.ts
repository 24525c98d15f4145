/** A replica of one stream, for journeys. */
export interface SyncWriter {
  readonly nodeId: string;
  /** Writes here; it travels while connected. */
  put(record: string, text: string): void;
  /** The values of a record, as its reader sees them. */
  values(record: string): string[];
  connect(): Promise<void>;
  /** Resolves once it is away. */
  leave(): Promise<void>;
  stop(): Promise<void>;
}

/** What a writer joins with, and where it keeps its keys. */
export interface WriterOptions {
  readonly invitation: string;
  readonly token: string;
  readonly folder: string;
  readonly collection: string;
}
