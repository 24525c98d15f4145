import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { EvidenceLinks } from "../../parts/evidence.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { shellWord } from "../../parts/shell-word.ts";
import { Words } from "../../parts/name.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { Empty, TroubleNote } from "../../parts/note.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Ago, msOf } from "../../parts/time.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { useMay } from "../../shell/session.tsx";
import { useAllIdentities } from "../identity/all-identities.ts";
import { DecisionDialog } from "../node/decision-dialog.tsx";
import { decisions } from "../node/decisions.ts";

const columns: readonly Column[] = [
  { key: "name", title: "Node" },
  { key: "reason", title: "Why" },
  { key: "since", title: "Since" },
  { key: "evidence", title: "Evidence" },
  { key: "actions", title: "", right: true },
];

/** Who is cut off, with what shows it, until somebody releases it. */
export function QuarantineCard() {
  const answer = useAllIdentities();
  const held =
    answer.data?.filter((each) => each.quarantineTime !== undefined && !each.revokeTime) ?? [];
  const { rows, more } = useRows(held);
  return (
    <Card title="In quarantine">
      {answer.error !== null && (
        <div className="p-5">
          <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
        </div>
      )}
      {answer.isPending && <Loading label="Asking who is cut off" lines={2} table />}
      {answer.data && held.length === 0 && (
        <Empty
          command="npx foedus access quarantine NODE --reason 'WHY'"
          icon="block"
          small
          title="Nobody is in quarantine"
        >
          A node that was cut off appears here with the reason and the signed events that show it.
          Everything of it is kept.
        </Empty>
      )}
      {held.length > 0 && <ForRelease held={held} />}
      {held.length > 0 && (
        <Table caption="Nodes in quarantine" columns={columns}>
          {rows.map((identity) => (
            <QuarantineRow identity={identity} key={identity.nodeId} />
          ))}
        </Table>
      )}
      {more}
    </Card>
  );
}

/** Who is held longest, in the shape of every wait. */
function ForRelease({ held }: { held: readonly Identity[] }) {
  const [oldest] = held.toSorted(
    (one, other) => (msOf(one.quarantineTime) ?? 0) - (msOf(other.quarantineTime) ?? 0),
  );
  if (oldest === undefined) return null;
  return (
    <div className="border-b border-line p-5">
      <Waiting
        plain
        wait={{
          waitingFor: `the release of ${held.length === 1 ? "one node" : `${countText(held.length)} nodes`}`,
          whoCanEndIt: "an admin who has looked at the evidence",
          sinceMs: BigInt(msOf(oldest.quarantineTime) ?? 0),
          command: `npx foedus access release ${shellWord(oldest.name)} --reason 'WHY'`,
        }}
      />
    </div>
  );
}

function QuarantineRow({ identity }: { identity: Identity }) {
  return (
    <tr>
      <Cell>
        <NodeLink className="max-w-44" id={identity.nodeId} name={identity.name} />
      </Cell>
      <Cell>
        <Words className="line-clamp-2! max-w-96 py-1.5" text={identity.quarantineReason} />
      </Cell>
      <Cell>
        <Ago at={identity.quarantineTime} />
        <span className="block text-xs text-muted">{identity.quarantinedBy.slice(0, 60)}</span>
      </Cell>
      <Cell>
        {identity.quarantineCursors.length === 0 ? (
          <Badge>an admin's word</Badge>
        ) : (
          <EvidenceLinks cursors={identity.quarantineCursors} what="the quarantine" />
        )}
      </Cell>
      <Cell right>
        <ReleaseButton identity={identity} />
      </Cell>
    </tr>
  );
}

function ReleaseButton({ identity }: { identity: Identity }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const may = useMay(IdentityService.method.releaseNode);
  const close = () => {
    setAsking(false);
    void client.invalidateQueries();
  };
  return (
    <>
      <Button
        icon="out"
        onClick={() => setAsking(true)}
        small
        {...(may.allowed ? {} : { refusal: may.why })}
      >
        Release
      </Button>
      {asking && (
        <DecisionDialog
          decision={decisions.release}
          node={{ id: identity.nodeId, name: identity.name }}
          onClose={close}
        />
      )}
    </>
  );
}
