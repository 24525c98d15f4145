import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type ReactNode, useId } from "react";
import { Icon } from "../../parts/icon.tsx";
import { useQueryLine } from "./query-line.ts";
import { QueryOptions } from "./query-options.tsx";

interface QueryBoxProps {
  readonly label: string;
  readonly value: string;
  readonly nodes: readonly Node[];
  readonly onChange: (value: string) => void;
  /** Where it is told what of the question was not understood. */
  readonly troubleId: string | undefined;
  readonly onHelp: () => void;
}

/** A line to ask in; it offers keys and values as one types. "/" leads here. */
export function QueryBox(props: QueryBoxProps) {
  const listId = useId();
  const { input, ...line } = useQueryLine(props.value, props.nodes, props.onChange);
  return (
    <div className="relative min-w-44 flex-1 basis-44 xl:max-w-96">
      <label className="relative block">
        <span className="sr-only">{props.label}</span>
        <span className="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-muted">
          <Icon name="search" size={14} />
        </span>
        <QueryInput {...props} input={input} line={line} listId={listId} />
      </label>
      {line.text !== "" && (
        <EndButton
          label="Clear the search"
          onClick={() => {
            line.write("");
            input.current?.focus();
          }}
          place="right-[27px]"
        >
          <Icon name="close" size={12} />
        </EndButton>
      )}
      <EndButton label="What can I ask?" onClick={props.onHelp} place="right-0.5">
        ?
      </EndButton>
      <QueryOptions active={line.active} id={listId} offers={line.offers} onTake={line.take} />
    </div>
  );
}

type Line = ReturnType<typeof useQueryLine>;

interface QueryInputProps extends QueryBoxProps {
  readonly input: Line["input"];
  readonly line: Omit<Line, "input">;
  readonly listId: string;
}

function QueryInput({ label, troubleId, input, line, listId }: QueryInputProps) {
  const { text, offers, active, write, open, close, setBusy } = line;
  const shown = offers.length > 0;
  return (
    <input
      aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
      aria-autocomplete="list"
      aria-controls={shown ? listId : undefined}
      aria-describedby={troubleId}
      aria-expanded={shown}
      aria-invalid={troubleId !== undefined}
      aria-keyshortcuts="/"
      autoComplete="off"
      className="h-8 w-full rounded-lg border border-line bg-sunken pr-14 pl-8 text-sm placeholder:text-muted focus:bg-surface aria-invalid:border-degraded"
      onBlur={() => {
        setBusy(false);
        close();
      }}
      onChange={(event) => {
        write(event.target.value);
        open();
      }}
      onFocus={() => setBusy(true)}
      onKeyDown={line.onKeyDown}
      placeholder={`${label}   /`}
      ref={input}
      role="combobox"
      spellCheck={false}
      type="text"
      value={text}
    />
  );
}

interface EndButtonProps {
  readonly label: string;
  readonly place: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** At the end of the line: a way to start again, and how to ask. */
function EndButton({ label, place, onClick, children }: EndButtonProps) {
  return (
    <button
      aria-label={label}
      className={`absolute top-1/2 grid size-[25px] -translate-y-1/2 place-items-center rounded-md text-xs font-semibold text-muted hover:bg-line hover:text-ink ${place}`}
      onClick={onClick}
      title={label}
      type="button"
    >
      {children}
    </button>
  );
}
