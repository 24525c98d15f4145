import {
  CapabilityState as State,
  type CapabilityStatus,
  Tier,
} from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { Words } from "../../parts/name.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Since } from "../../parts/time.tsx";

interface Look {
  readonly icon: IconName;
  readonly word: string;
  readonly tone: Tone;
}

const stopped: Look = {
  icon: "retired",
  word: "Stopped",
  tone: "retired",
};

const looks: Readonly<Record<State, Look>> = {
  [State.UNSPECIFIED]: { ...stopped, word: "Unknown" },
  [State.STARTING]: {
    icon: "wait",
    word: "Starting",
    tone: "maintenance",
  },
  [State.SERVING]: {
    icon: "online",
    word: "Serving",
    tone: "online",
  },
  [State.RETRYING]: {
    icon: "degraded",
    word: "Retrying",
    tone: "degraded",
  },
  [State.STOPPED]: stopped,
};

const tiers: Readonly<Record<Tier, string>> = {
  [Tier.UNSPECIFIED]: "unknown",
  [Tier.P0]: "P0, must run",
  [Tier.P1]: "P1, shed last",
  [Tier.P2]: "P2, shed first",
};

const columns: readonly Column[] = [
  { key: "name", title: "Capability" },
  { key: "state", title: "State" },
  { key: "tier", title: "Tier" },
  { key: "since", title: "For", right: true },
  { key: "attempts", title: "Starts", right: true },
];

/** What the hub runs, by tier. */
export function CapabilityCard({ capabilities }: { capabilities: readonly CapabilityStatus[] }) {
  const sorted = capabilities.toSorted((one, other) => one.tier - other.tier);
  return (
    <Card title="Capabilities">
      <Table caption="Capabilities of the hub" columns={columns}>
        {sorted.map((capability) => (
          <CapabilityRow capability={capability} key={capability.name} />
        ))}
      </Table>
    </Card>
  );
}

function CapabilityRow({ capability }: { capability: CapabilityStatus }) {
  const look = looks[capability.state] ?? looks[State.UNSPECIFIED];
  return (
    <tr>
      <Cell>
        <span className="font-medium">{capability.name}</span>
        <Words className="text-xs text-offline" text={capability.lastError} />
      </Cell>
      <Cell>
        <Badge icon={look.icon} quiet={capability.state === State.SERVING} tone={look.tone}>
          {look.word}
        </Badge>
      </Cell>
      <Cell>
        <span className="whitespace-nowrap">{tiers[capability.tier] ?? "unknown"}</span>
      </Cell>
      <Cell right>
        <Since at={capability.sinceTime} />
      </Cell>
      <Cell right>{capability.attempts}</Cell>
    </tr>
  );
}
