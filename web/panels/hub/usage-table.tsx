import type { LimitUsage } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Icon } from "../../parts/icon.tsx";
import { countText } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { Name, Words } from "../../parts/name.tsx";
import { NodeLink } from "../../parts/node-link.tsx";
import { useRows } from "../../parts/rows.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { useNodesBySource } from "../node/nodes.tsx";
import { type LimitGroup, partOf, usageText } from "./usage.ts";

const columns: readonly Column[] = [
  { key: "name", title: "Limit" },
  { key: "subject", title: "Whose" },
  { key: "part", title: "Used" },
  { key: "used", title: "In figures", right: true },
];
const hundred = 100;

/** The limits, warnings first, each with whoever is nearest to it. */
export function UsageTable({ groups }: { groups: readonly LimitGroup[] }) {
  const { rows, more } = useRows(groups);
  return (
    <>
      <Table caption="Usage of the limits, warnings first" columns={columns}>
        {rows.map((group) => (
          <UsageRow group={group} key={`${group.tightest.name} ${group.tightest.subject}`} />
        ))}
      </Table>
      {more}
    </>
  );
}

function UsageRow({ group: { tightest: usage, others } }: { group: LimitGroup }) {
  return (
    <tr>
      <Cell>
        <code className="font-mono text-xs font-medium">{usage.name}</code>
        {usage.warning && (
          <span className="flex max-w-md items-start gap-1.5 pb-1.5 text-xs text-degraded">
            <span className="mt-0.5">
              <Icon name="warning" size={12} />
            </span>
            <Words text={usage.advice || "Four fifths of it are used."} />
          </span>
        )}
      </Cell>
      <Cell>
        <Whose subject={usage.subject} />
        {others > 0 && (
          <span className="block text-xs text-muted">
            and {countText(others)} {others === 1 ? "other" : "others"} below
          </span>
        )}
      </Cell>
      <Cell>
        <Part usage={usage} />
      </Cell>
      <Cell right>
        <span className="whitespace-nowrap">{usageText(usage)}</span>
      </Cell>
    </tr>
  );
}

/** A node by its name, which people know better than its SPIFFE id. */
function Whose({ subject }: { subject: string }) {
  const node = useNodesBySource().get(subject);
  if (node === undefined) return <Name className="max-w-64" text={subject || "the hub"} />;
  return <NodeLink className="max-w-64" id={node.id} name={node.name} />;
}

function Part({ usage }: { usage: LimitUsage }) {
  const part = partOf(usage);
  if (part === undefined) return <span className="text-xs text-muted">no limit</span>;
  return (
    <span className="flex w-40 items-center gap-2">
      <Meter
        className="flex-1"
        part={part}
        tone={usage.warning ? "text-degraded" : "text-accent"}
      />
      <span className="figures w-10 text-right text-xs">{partText(part)}</span>
    </span>
  );
}

/** What is used at all is not told as nothing. */
function partText(part: number): string {
  const percent = Math.round(part * hundred);
  return percent === 0 && part > 0 ? "< 1 %" : `${percent} %`;
}
