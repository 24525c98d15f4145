import { useMutation } from "@connectrpc/connect-query";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { newRequestId } from "../../parts/clock.ts";
import { tellOtherPages } from "../../shell/lapse.ts";
import { forgetPlace } from "../../shell/place.ts";
import { forgetRecent } from "../../shell/recent.ts";
import { forgetOpened } from "./opened-view.ts";

/** Leaves on purpose: nothing of where one was stays behind. */
export function useSignOut() {
  const client = useQueryClient();
  const { mutate, ...rest } = useMutation(PersonService.method.signOut, {
    onSuccess: async () => {
      tellOtherPages();
      await client.resetQueries();
      forgetPlace();
      forgetRecent();
      forgetOpened();
    },
  });
  return { ...rest, signOut: () => mutate({ requestId: newRequestId() }) };
}
