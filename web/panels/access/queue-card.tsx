import { useInfiniteQuery } from "@connectrpc/connect-query";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Card } from "../../parts/card.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { Segments } from "../../parts/segments.tsx";
import { type Column, Table } from "../../parts/table.tsx";
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
        <p className="p-5 text-sm text-muted">{may.why}</p>
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
        <Table caption={`Newcomers: ${which}, oldest first`} columns={columns}>
          {requests.map((request) => (
            <RequestRow key={request.id} request={request} />
          ))}
        </Table>
      )}
    </Paged>
  );
}

function NobodyHere({ which }: { which: Which }) {
  if (which === "decided") {
    return (
      <Empty icon="door" title="Nobody was decided on yet">
        Who was approved, denied, or waited too long appears here, with the reason.
      </Empty>
    );
  }
  return (
    <Empty
      command="npx foedus node join INVITATION --no-token --data ./my-node"
      icon="door"
      title="Nobody waits"
    >
      In mode Approval, a node that joins with an invitation alone appears here with its
      fingerprint, and waits for you.
    </Empty>
  );
}
