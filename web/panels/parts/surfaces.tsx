import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Badge } from "../../parts/badge.tsx";
import { Card, FactRow, Facts } from "../../parts/card.tsx";
import { KeyFigure, KeyFigures, Spark } from "../../parts/key-figure.tsx";
import { Meter } from "../../parts/meter.tsx";
import { Name, Words } from "../../parts/name.tsx";
import { SidePanel } from "../../parts/side-panel.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { Chapter, Row, Sample } from "./sample.tsx";

const trips = [12, 11, 14, 9, 10, 13, 22, 12, 10, 8];
const columns: readonly Column[] = [
  { key: "name", title: "Node", sortable: true },
  { key: "state", title: "State" },
  { key: "trip", title: "Round trip", right: true, sortable: true, width: 7 },
];
const hostile = "<script>alert(1)</script> מחסן ‮gnp.exe‬ 🚚 ".repeat(8);

/** What things lie on, and figures in them. */
export function Surfaces() {
  return (
    <Chapter title="Cards, tables and figures">
      <Cards />
      <Lists />
      <Panel />
    </Chapter>
  );
}

function Cards() {
  return (
    <>
      <Sample
        bare
        name="Card"
        when="One question and its answer. The title names the thing; what can be done to all of it stands to its right."
      >
        <Card aside={<Button small>Act</Button>} title="A card">
          <div className="px-5 py-2">
            <Facts>
              <FactRow name="Name">billing</FactRow>
              <FactRow name="Up for">
                <span className="figures">13 min 54 s</span>
              </FactRow>
            </Facts>
          </div>
        </Card>
      </Sample>
      <Sample
        bare
        name="Key figures"
        when="At most six, over what explains them. A zero is calm; a trend is a small line, said in words to who does not see it."
      >
        <Card title="Figures that matter">
          <div className="overflow-hidden rounded-b-xl">
            <KeyFigures>
              <KeyFigure icon="online" name="Online" tone="text-online" value="1,204" />
              <KeyFigure icon="offline" name="Offline" tone="text-muted" value="0" />
              <KeyFigure
                beside={<Spark say={(ms) => `${ms} ms`} values={trips} what="Round trips" />}
                name="Round trip"
                value="8 ms"
              />
            </KeyFigures>
          </div>
        </Card>
      </Sample>
    </>
  );
}

function Lists() {
  return (
    <>
      <Sample
        bare
        name="Table"
        when="For what is compared. A row is 44 high, figures stand to the right, and the whole of it scrolls alone. Other people's words are cut and never markup."
      >
        <Rows />
      </Sample>
      <Sample name="Meter" when="How much of a limit; its figure always stands beside it.">
        <div className="flex flex-col gap-3 text-xs">
          {[undefined, 0.004, 0.42, 0.86].map((part) => (
            <Row key={part ?? "none"}>
              <Meter part={part} tone={(part ?? 0) > 0.8 ? "text-degraded" : "text-accent"} />
              <span className="figures">
                {part === undefined ? "not measured" : `${(part * 100).toFixed(1)} %`}
              </span>
            </Row>
          ))}
        </div>
      </Sample>
      <Sample
        name="Names and words of others"
        when="A name keeps to its line and its own direction; longer words are cut after six lines."
      >
        <div className="flex min-w-0 flex-col gap-2 text-sm">
          <Name className="font-medium" text={hostile} />
          <Words className="line-clamp-2! text-muted" text={hostile} />
        </div>
      </Sample>
    </>
  );
}

function Rows() {
  return (
    <Card title="A table">
      <Table
        caption="Sample of a table"
        columns={columns}
        onSort={() => undefined}
        sort={{ key: "trip", descending: false }}
      >
        <tr>
          <Cell>
            <Name className="max-w-40 font-medium" text="billing" />
          </Cell>
          <Cell>
            <Badge icon="online" quiet tone="online">
              Online
            </Badge>
          </Cell>
          <Cell right>8.1 ms</Cell>
        </tr>
        <tr className="bg-accent-ground">
          <Cell>
            <Name className="max-w-40 font-medium" text="chosen" />
          </Cell>
          <Cell>
            <Badge icon="degraded" tone="degraded">
              Degraded
            </Badge>
          </Cell>
          <Cell right>212 ms</Cell>
        </tr>
        <tr>
          <Cell>
            <Name className="max-w-40 font-medium" text={hostile} />
          </Cell>
          <Cell>
            <Badge icon="offline" tone="offline">
              Offline
            </Badge>
          </Cell>
          <Cell right>unknown</Cell>
        </tr>
      </Table>
    </Card>
  );
}

function Panel() {
  const [open, setOpen] = useState(false);
  return (
    <Sample
      name="Side panel"
      when="What is known of the one thing that was chosen, beside the many. Escape closes it."
    >
      <Button onClick={() => setOpen(true)}>Open a panel</Button>
      {open && (
        <div className="fixed inset-y-0 right-0 z-40 flex shadow-lift">
          <SidePanel label="A panel" onClose={() => setOpen(false)} title="billing">
            <p className="text-sm text-muted">What is known of it.</p>
          </SidePanel>
        </div>
      )}
    </Sample>
  );
}
