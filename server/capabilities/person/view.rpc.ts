import type { ServiceImpl } from "@connectrpc/connect";
import type { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { personCallerOf } from "../../runtime/caller.ts";
import { writeOf } from "../../runtime/write.ts";
import type { ViewStore } from "./view.store.ts";

type Methods = "listViews" | "saveView" | "removeView";

/** Saved views: addresses of the page that follow a person to any browser. */
export function viewRpc(views: ViewStore): Pick<ServiceImpl<typeof PersonService>, Methods> {
  return {
    async listViews(request, context) {
      const { tenant, personId } = personCallerOf(context);
      return await views.list(tenant, personId, request);
    },

    async saveView(request, context) {
      const caller = personCallerOf(context);
      return {
        view: await views.save(writeOf(request, context), caller, request.viewId, request),
      };
    },

    async removeView(request, context) {
      const caller = personCallerOf(context);
      return { view: await views.remove(writeOf(request, context), caller, request.viewId) };
    },
  };
}
