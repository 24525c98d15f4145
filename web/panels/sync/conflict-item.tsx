import type { Conflict, Contender } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { useMemo, useState } from "react";
import { Tag } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { clip } from "../../parts/measure.ts";
import { Name, Words } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useMay } from "../../shell/session.tsx";
import { explainCommand } from "./as-cli.ts";
import { ContenderCard } from "./contender-card.tsx";
import { KeepDialog } from "./keep-dialog.tsx";
import { type Choice, useResolve } from "./resolve.ts";
import { streamKey } from "./stream-key.ts";
import { oneLine, type Value, valueOf } from "./value.ts";
import { isClipped } from "./value-view.tsx";
import { cellText, conflictKey, dotText, kindWord } from "./wording.ts";
import { WriteDialog } from "./write-dialog.tsx";

interface ConflictItemProps {
  readonly conflict: Conflict;
  /** Told in words what was done. */
  readonly onResolved: (words: string) => void;
}

/** A value, who wrote it, and what it reads as. */
export interface Side {
  readonly contender: Contender;
  readonly value: Value;
  readonly dot: string;
}

const saidMax = 60;

/** One field with all its values side by side, and the ways to put one in their place. */
export function ConflictItem({ conflict, onResolved }: ConflictItemProps) {
  const deciding = useDeciding(conflict, onResolved);
  const { sides, setAsking, error, asking, isDone, refusal } = deciding;
  return (
    <article
      aria-label={`Conflict in ${clip(cellText(conflict), 80)}`}
      className="min-w-0 rounded-xl border border-line bg-surface shadow-card"
      data-conflict={conflictKey(conflict)}
      tabIndex={-1}
    >
      <ConflictHead conflict={conflict} />
      <div className="grid grid-cols-[repeat(auto-fit,minmax(17rem,1fr))] gap-px bg-line">
        {sides.map((side) => (
          <ContenderCard
            busy={deciding.busy}
            key={side.dot}
            onKeep={() => deciding.wishToKeep(side)}
            onSeen={() => deciding.see(side)}
            side={side}
            {...refusal}
          />
        ))}
      </div>
      <footer className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-5 py-2.5">
        <Button onClick={() => setAsking("write")} small {...refusal}>
          Write another value …
        </Button>
        {isDone && <span className="text-sm text-online">Resolved; the list follows.</span>}
        {error !== null && asking === undefined && <TroubleNote error={error} />}
      </footer>
      <Asked conflict={conflict} deciding={deciding} />
    </article>
  );
}

/** What is asked before a decision is taken, if anything is. */
function Asked({ conflict, deciding }: { conflict: Conflict; deciding: Deciding }) {
  const { asking, sides, unseen, busy, error } = deciding;
  const onClose = () => deciding.setAsking(undefined);
  if (asking === undefined) return null;
  if (asking === "write") {
    return <WriteDialog {...{ busy, conflict, error, onClose, sides }} onWrite={deciding.write} />;
  }
  return (
    <KeepDialog
      {...{ busy, error, onClose }}
      onKeep={() => deciding.keep(asking)}
      others={sides.length - 1}
      side={asking}
      unseen={unseen.filter((each) => each !== asking)}
    />
  );
}

type Deciding = ReturnType<typeof useDeciding>;

/** What was seen, what is asked, and what is done about a conflict. */
function useDeciding(conflict: Conflict, onResolved: (words: string) => void) {
  const sides = useSides(conflict);
  const may = useMay(CollectionService.method.resolveConflict);
  const [seenWhole, setSeenWhole] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Side | "write">();
  const { resolve, isDone, ...state } = useResolve(conflict, (choice) => {
    setAsking(undefined);
    onResolved(`${doneText(choice, sides)} in ${clip(cellText(conflict), saidMax)}.`);
  });
  const keep = ({ contender }: Side) => {
    const dot = contender.sibling?.dot;
    if (dot !== undefined) resolve({ case: "keep", value: dot });
  };
  const unseen = sides.filter(({ value, dot }) => isClipped(value) && !seenWhole.has(dot));
  const why = isDone ? "It is resolved." : may.why;
  return {
    ...state,
    sides,
    unseen,
    asking,
    setAsking,
    isDone,
    refusal: may.allowed && !isDone ? {} : { refusal: why },
    keep,
    /** Only what somebody has seen is thrown away without a word. */
    wishToKeep: (side: Side) =>
      unseen.some((each) => each !== side) ? setAsking(side) : keep(side),
    write: (value: Uint8Array) => resolve({ case: "body", value }),
    see: ({ dot }: Side) => setSeenWhole(new Set([...seenWhole, dot])),
  };
}

function useSides({ contenders }: Conflict): readonly Side[] {
  return useMemo(
    () =>
      contenders.map((contender) => ({
        contender,
        value: valueOf(contender.sibling?.op ?? new Uint8Array()),
        dot: dotText(contender.sibling?.dot),
      })),
    [contenders],
  );
}

function ConflictHead({ conflict }: { conflict: Conflict }) {
  const { stream, name, kind, why } = conflict;
  return (
    <header className="border-b border-line px-5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="min-w-0 text-sm font-semibold">
          <Name text={cellText(conflict)} />
        </h2>
        {stream && <Tag>{streamKey(stream)}</Tag>}
        <span className="flex-1 text-xs text-muted">{kindWord(kind)}</span>
        {stream && name && <CopyButton label="Copy command" text={explainCommand(stream, name)} />}
      </div>
      <Words className="mt-1 text-sm text-muted" text={why} />
    </header>
  );
}

function doneText(choice: Choice, sides: readonly Side[]): string {
  if (choice.case === "body") return "Another value was written";
  const kept = sides.find(({ dot }) => dot === dotText(choice.value));
  return kept === undefined ? "Kept one" : `Kept “${clip(oneLine(kept.value), saidMax)}”`;
}
