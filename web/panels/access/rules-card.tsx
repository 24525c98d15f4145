import { useInfiniteQuery } from "@connectrpc/connect-query";
import type { RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Closed, Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { useMay } from "../../shell/session.tsx";
import { ResetDialog } from "./reset-dialog.tsx";
import { RuleDialog } from "./rule-dialog.tsx";
import { type RuleList, ruleLists } from "./rule-list.ts";
import { RuleRow } from "./rule-row.tsx";

const columns: readonly Column[] = [
  { key: "subject", title: "Whom" },
  { key: "reason", title: "Why" },
  { key: "made", title: "Made" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;

/** One of the two lists that decide who may join. */
export function RulesCard({ kind }: { kind: RuleKind.ALLOW | RuleKind.BLOCK }) {
  const list = ruleLists[kind];
  const may = useMay(AccessService.method.listRules);
  if (!may.allowed) {
    return (
      <Card
        aside={
          <Button icon="plus" refusal={may.why}>
            {list.add}
          </Button>
        }
        title={list.title}
      >
        <Closed why={may.why} />
      </Card>
    );
  }
  return <Rules list={list} />;
}

function Rules({ list }: { list: RuleList }) {
  const [asking, setAsking] = useState<"add" | "reset">();
  const rules = useRules(list.kind);
  const close = () => setAsking(undefined);
  return (
    <Card
      aside={
        <span className="flex gap-2">
          {rules.shown.length > 0 && (
            <Button onClick={() => setAsking("reset")} tone="quiet">
              Empty the list
            </Button>
          )}
          <Button icon="plus" onClick={() => setAsking("add")}>
            {list.add}
          </Button>
        </span>
      }
      title={list.title}
    >
      <Paged label={`Asking for the ${list.name}`} list={rules.list} shown={rules.shown.length}>
        {rules.shown.length === 0 ? (
          <Empty command={list.command} icon={list.icon} small title={list.emptyTitle}>
            {list.emptyText}
          </Empty>
        ) : (
          <Table caption={`${list.title}, oldest first`} columns={columns}>
            {rules.shown.map((rule) => (
              <RuleRow key={rule.id} rule={rule} />
            ))}
          </Table>
        )}
      </Paged>
      {asking === "add" && <RuleDialog list={list} onClose={close} />}
      {asking === "reset" && <ResetDialog list={list} onClose={close} />}
    </Card>
  );
}

function useRules(kind: RuleKind) {
  const list = useInfiniteQuery(
    AccessService.method.listRules,
    { page: { size: pageSize, token: "" }, kind },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  return { list, shown: list.data?.pages.flatMap((page) => page.rules) ?? [] };
}
