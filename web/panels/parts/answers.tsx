import { Code } from "@connectrpc/connect";
import { useState } from "react";
import { Card } from "../../parts/card.tsx";
import { ConnectionBadge } from "../../parts/connection.tsx";
import { EvidenceFigure, EvidenceLink, EvidenceLinks } from "../../parts/evidence.tsx";
import { hubNow } from "../../parts/hub-clock.ts";
import { Loading } from "../../parts/loading.tsx";
import { Closed, Empty, TroubleCard } from "../../parts/note.tsx";
import { Ago, At, Since } from "../../parts/time.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { Chapter, Row, Sample } from "./sample.tsx";

const agoMs = 95_000;
const trouble = {
  code: Code.Unavailable,
  reason: "HUB_UNREACHABLE",
  text: "the hub does not answer",
  cause: "it is stopped or restarting, or the network is down",
  fix: "npx foedus doctor",
  facts: [["detail", "connection refused"]],
} as const;

/** What stands where there is nothing yet, nothing at all, or something to prove. */
export function Answers() {
  const [at] = useState(() => hubNow() - agoMs);
  return (
    <Chapter title="Answers">
      <Nothing />
      <Unfinished at={at} />
      <Proof at={at} />
    </Chapter>
  );
}

function Nothing() {
  return (
    <>
      <Sample
        bare
        name="Empty"
        when="Nothing is here: why, what to do, and what to type for it. Small where it is one of several on a page."
      >
        <Card title="An empty list">
          <Empty
            command="npx foedus token create --name my-node"
            icon="identity"
            small
            title="No tokens yet"
          >
            A token admits one node, once. Make one here or on the command line.
          </Empty>
        </Card>
      </Sample>
      <Sample
        bare
        name="Closed"
        when="What a role may not see is said where it would stand, with who can change that."
      >
        <Card title="Join tokens">
          <Closed why="This needs the role admin; you are an observer. Ask an admin." />
        </Card>
      </Sample>
    </>
  );
}

function Unfinished({ at }: { at: number }) {
  return (
    <>
      <Sample
        name="Waiting"
        when="The one shape of waiting: for what, since when, who can end it, and how. Never a spinner alone."
      >
        <Waiting
          plain
          wait={{
            waitingFor: "a decision on one newcomer",
            whoCanEndIt: "an admin who has compared the fingerprint",
            sinceMs: BigInt(at),
            command: "npx foedus access approve 4756-b1ff-3e39-b5dd",
          }}
        />
      </Sample>
      <Sample
        bare
        name="Loading"
        when="As high as what comes, so that nothing moves; unseen for the first moment, since quick answers need no sign."
      >
        <Card title="A list that is asked for">
          <Loading label="Sample of loading" lines={3} table />
        </Card>
      </Sample>
      <Sample
        bare
        name="Trouble"
        when="What is wrong, why, and what mends it, in the hub's own words; the reason is the one that explain knows."
      >
        <TroubleCard retry={() => undefined} trouble={trouble} />
      </Sample>
    </>
  );
}

function Proof({ at }: { at: number }) {
  return (
    <>
      <Sample
        name="Connection"
        when="Whether what one sees is of now. Once a page, beside its title."
      >
        <Row>
          <ConnectionBadge connection={{ state: "live", sinceMs: at }} />
          <ConnectionBadge connection={{ state: "idle" }} />
        </Row>
      </Sample>
      <Sample
        name="Evidence"
        when="Every figure of the federation leads to the signed event that says so."
      >
        <Row>
          <span className="text-sm">
            Median{" "}
            <EvidenceFigure cursor={1n} what="the median">
              97.4
            </EvidenceFigure>
          </span>
          <EvidenceLink cursor={1n} what="a figure" />
          <EvidenceLinks cursors={[1n, 2n, 3n]} what="a verdict" />
        </Row>
      </Sample>
      <Sample
        name="Time"
        when="How long ago in lists, how long already for what lasts, the instant where it is proof. Both zones to who points at it; by keyboard too for the instant. By the hub's clock."
      >
        <Row>
          <Ago at={at} />
          <Since at={at} lead="for" />
          <At at={at} />
          <Ago at={undefined} never="never" />
        </Row>
      </Sample>
    </>
  );
}
