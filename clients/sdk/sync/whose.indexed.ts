import { answered, indexedFactory, opened, transacted } from "./indexed.ts";
import type { Memo, Whose } from "./whose.ts";

const version = 1;
const store = "whose";
const row = "last";

/** Keeps in a browser's IndexedDB who opened collections of this name last. */
export function indexedMemo(name: string): Memo {
  const within = async <T>(act: (database: Parameters<typeof transacted>[0]) => Promise<T>) => {
    const factory = indexedFactory();
    if (factory === undefined) throw new Error("there is no IndexedDB here");
    const database = await opened(factory, name, version, (made) => {
      made.createObjectStore(store, { keyPath: "name" });
    });
    try {
      return await act(database);
    } finally {
      database.close();
    }
  };
  return {
    read: () =>
      within((database) =>
        transacted(database, [store], async (of) => {
          return (await answered(of(store).get(row))) as Whose | undefined;
        }),
      ),
    keep: ({ hub, tenant, owner }) =>
      within((database) =>
        transacted(database, [store], async (of) => {
          await answered(of(store).put({ name: row, hub, tenant, owner }));
        }),
      ),
  };
}
