import { useQuery } from "@connectrpc/connect-query";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { shortCount } from "../../parts/measure.ts";

/** How many newcomers wait; nothing while nobody does. */
export function WaitingCount() {
  const { data } = useQuery(AccessService.method.getAccess, {});
  const waiting = data?.waiting ?? 0;
  if (waiting === 0) return null;
  return (
    <span className="figures ml-auto inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-degraded-ground px-1.5 text-2xs font-semibold text-degraded">
      {shortCount(waiting)}
      <span className="sr-only"> {waiting === 1 ? "newcomer waits" : "newcomers wait"}</span>
    </span>
  );
}
