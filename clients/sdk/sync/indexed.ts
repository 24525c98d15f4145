/** Of IndexedDB what is used here; a browser's own types are not those of Node. */
export interface Factory {
  open(name: string, version: number): Opening;
}

/** A key, or many in a row. */
export type Key = string | number | readonly Key[];

/** A database that is open. */
export interface Database extends Listened {
  readonly objectStoreNames: { contains(name: string): boolean };
  createObjectStore(name: string, options: { keyPath: string | readonly string[] }): unknown;
  transaction(
    stores: readonly string[],
    mode: "readwrite",
    options: { durability: "strict" },
  ): Transaction;
  close(): void;
}

/** One store within a transaction. */
export interface Store {
  get(key: Key): Request<unknown>;
  getAll(): Request<unknown[]>;
  put(row: object): Request<unknown>;
  delete(key: Key | Range): Request<unknown>;
}

/** All keys that begin with one. */
export type Range = object;

interface Listened {
  addEventListener(type: string, act: () => void): void;
}

interface Request<Result> extends Listened {
  readonly result: Result;
  readonly error: Error | null;
}

type Opening = Request<Database>;

interface Transaction extends Listened {
  readonly error: Error | null;
  objectStore(name: string): Store;
  abort(): void;
}

/** The browser's; undefined elsewhere. */
export function indexedFactory(): Factory | undefined {
  return Reflect.get(globalThis, "indexedDB") as Factory | undefined;
}

/** All keys whose first part is this. */
export function under(first: string): Range {
  const ranges = Reflect.get(globalThis, "IDBKeyRange") as {
    bound(from: Key, to: Key): Range;
  };
  // Lists sort after texts and numbers: nothing that begins so comes after an empty one.
  return ranges.bound([first], [first, []]);
}

/** What a request answers. */
export function answered<Result>(request: Request<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => {
      reject(request.error ?? new Error("no reason was given"));
    });
  });
}

/** Opens a database, in the shape `make` gives a new one. */
export function opened(
  factory: Factory,
  name: string,
  version: number,
  make: (database: Database) => void,
): Promise<Database> {
  const opening = factory.open(name, version);
  opening.addEventListener("upgradeneeded", () => make(opening.result));
  return answered(opening).then((database) => {
    // A newer page must be able to change the shape; this one then learns that it is closed.
    database.addEventListener("versionchange", () => database.close());
    return database;
  });
}

/** Lets `act` read and write; all of it is on the disk then, or nothing. */
export async function transacted<Result>(
  database: Database,
  stores: readonly string[],
  act: (store: (name: string) => Store) => Promise<Result>,
): Promise<Result> {
  const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
  const done = new Promise<void>((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => {
      reject(transaction.error ?? new Error("it was undone"));
    });
  });
  done.catch(() => undefined);
  try {
    const result = await act((name) => transaction.objectStore(name));
    await done;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It is over already, for the reason that is thrown.
    }
    throw error;
  }
}
