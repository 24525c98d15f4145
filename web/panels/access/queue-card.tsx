import { useInfiniteQuery } from "@connectrpc/connect-query";
import { type JoinRequest, JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Card } from "../../parts/card.tsx";
import { countText } from "../../parts/measure.ts";
import { Closed, Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { Segments } from "../../parts/segments.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { msOf } from "../../parts/time.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { useMay } from "../../shell/session.tsx";
import { RequestRow } from "./request-row.tsx";
import { queues } from "./request-state.ts";

const columns: readonly Column[] = [
  { key: "name", title: "Wishes to be" },
  { key: "fingerprint", title: "Fingerprint" },
  { key: "address", title: "Asks from" },
  { key: "since", title: "Since" },
  { key: "state", title: "State" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;

type Which = keyof typeof queues;

/** Who wishes to join without a token. */
export function QueueCard() {
  const may = useMay(AccessService.method.listJoinRequests);
  const { queue } = useSearch({ from: "/layout/access" });
  const navigate = useNavigate({ from: "/access" });
  const which: Which = queue === "decided" ? "decided" : "waiting";
  const show = (value: Which) =>
    void navigate({
      search: (before) => ({ ...before, queue: value === "waiting" ? undefined : value }),
    });
  if (!may.allowed) {
    return (
      <Card title="Newcomers">
        <Closed why={may.why} />
      </Card>
    );
  }
  return (
    <Card
      aside={
        <Segments
          label="Which newcomers"
          onChange={show}
          options={[
            { value: "waiting", word: "Waiting" },
            { value: "decided", word: "Decided" },
          ]}
          value={which}
        />
      }
      title="Newcomers"
    >
      <Queue key={which} which={which} />
    </Card>
  );
}

function Queue({ which }: { which: Which }) {
  const list = useInfiniteQuery(
    AccessService.method.listJoinRequests,
    { page: { size: pageSize, token: "" }, states: [...queues[which]] },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  const requests = list.data?.pages.flatMap((page) => page.joinRequests) ?? [];
  return (
    <Paged label="Asking who waits" list={list} shown={requests.length}>
      {requests.length === 0 ? (
        <NobodyHere which={which} />
      ) : (
        <>
          <ForDecision requests={requests} />
          <Table caption={`Newcomers: ${which}, oldest first`} columns={columns}>
            {requests.map((request) => (
              <RequestRow key={request.id} request={request} />
            ))}
          </Table>
        </>
      )}
    </Paged>
  );
}

/** The longest wait, in the shape of every wait; nothing while nobody waits for a decision. */
function ForDecision({ requests }: { requests: readonly JoinRequest[] }) {
  const waiting = requests.filter(({ state }) => state === JoinRequestState.WAITING);
  const oldest = waiting[0];
  if (oldest === undefined) return null;
  const whose = waiting.length === 1 ? "one newcomer" : `${countText(waiting.length)} newcomers`;
  return (
    <div className="border-b border-line p-5">
      <Waiting
        plain
        wait={{
          waitingFor: `a decision on ${whose}`,
          whoCanEndIt: "an admin who has compared the fingerprint",
          sinceMs: BigInt(msOf(oldest.createTime) ?? 0),
          command: `npx foedus access approve ${oldest.fingerprint}`,
        }}
      />
    </div>
  );
}

function NobodyHere({ which }: { which: Which }) {
  if (which === "decided") {
    return (
      <Empty icon="door" small title="Nobody was decided on yet">
        Who was approved, denied, or waited too long appears here, with the reason.
      </Empty>
    );
  }
  return (
    <Empty
      command="npx foedus node join INVITATION --no-token --data ./my-node"
      icon="door"
      small
      title="Nobody waits"
    >
      In mode Approval, a node that joins with an invitation alone appears here with its
      fingerprint, and waits for you.
    </Empty>
  );
}
