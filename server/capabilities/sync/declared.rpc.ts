import type { ServiceImpl } from "@connectrpc/connect";
import type { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { callerOf } from "../../runtime/caller.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { writeOf } from "../../runtime/write.ts";
import { declare } from "./declared.ts";
import type { DeclaredStore } from "./declared.store.ts";

/** What shape collections have. */
export type DeclaredHalf = Pick<
  ServiceImpl<typeof CollectionService>,
  "declareCollection" | "listCollections"
>;

/** Declares and lists collections. */
export function declaredRpc(store: DeclaredStore): DeclaredHalf {
  return {
    async declareCollection(request, context) {
      const { collection: wished } = request;
      if (wished === undefined) throw new Error("validation let a missing collection pass");
      const write = writeOf(request, context);
      const collection = await store.declare(write, wished.name, (known, count) =>
        declare(known, wished, count),
      );
      return { collection };
    },

    async listCollections({ page }, context) {
      const wish = pageWish(page, "collections");
      const collections = await store.list(callerOf(context).tenant, wish);
      const last = collections.length < wish.size ? undefined : collections.at(-1);
      const nextPageToken = last === undefined ? "" : pageToken("collections", [last.name]);
      return { collections, nextPageToken };
    },
  };
}
