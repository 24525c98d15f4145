import { useMutation } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Dot } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Conflict } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { newRequestId } from "../../parts/clock.ts";
import { conflictsKey } from "./all-conflicts.ts";
import { dotText, seenText } from "./wording.ts";

/** What a field is to hold. */
export type Choice =
  | { readonly case: "keep"; readonly value: Dot }
  | { readonly case: "body"; readonly value: Uint8Array };

/** Puts one value in place of all that were seen. */
export function useResolve(conflict: Conflict, onDone: (choice: Choice) => void) {
  const client = useQueryClient();
  const ids = useRef(new Map<string, string>());
  const [done, setDone] = useState("");
  const seen = seenText(conflict);
  const again = () => client.invalidateQueries({ queryKey: conflictsKey });
  // Also after a refusal: what was seen may be there no more.
  const mutation = useMutation(CollectionService.method.resolveConflict, { onError: again });
  const resolve = (choice: Choice) => {
    const { stream, name } = conflict;
    if (stream === undefined || name === undefined) return;
    const wish = `${seen} ${choice.case} ${wordOf(choice)}`;
    // The same wish once more, after an answer that was lost, is the same decision.
    const requestId = ids.current.get(wish) ?? newRequestId();
    ids.current.set(wish, requestId);
    const dots = conflict.contenders.flatMap(({ sibling }) => sibling?.dot ?? []);
    mutation.mutate(
      { requestId, stream, name, seen: dots, value: choice },
      {
        onSuccess: () => {
          setDone(seen);
          onDone(choice);
          void again();
        },
      },
    );
  };
  return { resolve, error: mutation.error, busy: mutation.isPending, isDone: done === seen };
}

function wordOf(choice: Choice): string {
  return choice.case === "keep" ? dotText(choice.value) : choice.value.join();
}
