import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type { GetEventResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { ReactNode } from "react";
import { FactRow, Facts } from "../../parts/card.tsx";
import { Command, CopyButton } from "../../parts/copy.tsx";
import { type Fact, factOf, payloadOf } from "../../parts/fact.ts";
import { countText, hexText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Empty } from "../../parts/note.tsx";
import { Ago } from "../../parts/time.tsx";
import { showCommand } from "./as-cli.ts";
import { PayloadView } from "./payload-view.tsx";
import { Verdicts } from "./verdicts.tsx";

/** Envelope, payload, signature and proof of one event, and who checked them. */
export function EvidenceView({ answer, more }: { answer: GetEventResponse; more?: ReactNode }) {
  const fact = answer.event && factOf(answer.event);
  if (fact === undefined) {
    return (
      <Empty icon="gap" title="These bytes are no event">
        The hub answered with something this page cannot read.
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-5">
      <Verdicts answer={answer} />
      <Part title="What was said">
        <PayloadView payload={payloadOf(fact)} type={fact.event.type} />
      </Part>
      <Part title="Envelope">
        <Envelope answer={answer} fact={fact} />
      </Part>
      <Part title="Signature">
        <Signature answer={answer} fact={fact} />
      </Part>
      {more}
      <Part title="See it for yourself">
        <Command label="Copy as CLI" text={showCommand(fact.cursor)} />
      </Part>
    </div>
  );
}

/** One part of what is known of an event. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-xs font-semibold text-muted">{title}</h3>
      {children}
    </section>
  );
}

function Envelope({ answer, fact }: { answer: GetEventResponse; fact: Fact }) {
  const { event } = fact;
  return (
    <Facts>
      <FactRow name="Family">
        <code className="font-mono text-xs">{event.type}</code>
      </FactRow>
      <FactRow name="Told by">
        <Name text={answer.nodeName || "the hub"} />
        <code className="block font-mono text-2xs text-muted">{event.source.slice(0, 400)}</code>
      </FactRow>
      <FactRow name="About">{event.subject.slice(0, 256) || "the source itself"}</FactRow>
      <FactRow name="Was so">
        <Ago at={event.timeMs} />
      </FactRow>
      <FactRow name="Stored">
        <Ago at={fact.receivedMs} /> at cursor {countText(fact.cursor)},{" "}
        {delayText(fact.receivedMs - Number(event.timeMs))} it was so
      </FactRow>
      <FactRow name="Id" aside={<CopyButton label="Copy" text={idOf(event)} />}>
        <code className="figures font-mono text-xs break-all">{idOf(event)}</code>
      </FactRow>
    </Facts>
  );
}

/** By the hub's clock, so a source whose clock is ahead tells of what is still to come. */
function delayText(ms: number): string {
  return `${countText(Math.abs(ms))} ms ${ms < 0 ? "before" : "after"}`;
}

/** As CloudEvents has it: the stream, its epoch, and the place in it. */
function idOf({ stream, epoch, sequence }: Event): string {
  return `${stream}/${epoch}/${sequence}`;
}

function Signature({ answer, fact }: { answer: GetEventResponse; fact: Fact }) {
  const { stored } = fact;
  const { proof } = stored;
  return (
    <Facts>
      <FactRow name="Ed25519">
        <Hex bytes={stored.signature} />
      </FactRow>
      <FactRow name="Key id">
        <Hex bytes={stored.keyId} />
      </FactRow>
      <FactRow name="Public key">
        <Hex bytes={answer.publicKey} />
      </FactRow>
      <FactRow name="Place in batch">
        {proof === undefined
          ? "unknown"
          : `leaf ${proof.leafIndex} of a tree of ${proof.treeSize}, ${proof.path.length} hashes to the root`}
      </FactRow>
    </Facts>
  );
}

function Hex({ bytes }: { bytes: Uint8Array }) {
  return <code className="font-mono text-2xs break-all">{hexText(bytes) || "none"}</code>;
}
