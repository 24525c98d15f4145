import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { after } from "../../parts/clock.ts";
import { Icon } from "../../parts/icon.tsx";
import { type Completion, completionsOf } from "./query-complete.ts";
import { QueryOptions } from "./query-options.tsx";

/** Who types fast is not answered for each letter. */
const typingMs = 90;

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
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { text, write, setBusy } = useText(props.value, props.onChange);
  const { offers, active, setActive, open, close } = useOffers(text, input, props.nodes);
  useSlash(input);
  const shown = offers.length > 0;
  return (
    <div className="relative min-w-56 flex-1 basis-64 xl:max-w-96">
      <label className="relative block">
        <span className="sr-only">{props.label}</span>
        <span className="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-muted">
          <Icon name="search" size={14} />
        </span>
        <input
          aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
          aria-autocomplete="list"
          aria-controls={shown ? listId : undefined}
          aria-describedby={props.troubleId}
          aria-expanded={shown}
          aria-invalid={props.troubleId !== undefined}
          aria-keyshortcuts="/"
          autoComplete="off"
          className="h-8 w-full rounded-lg border border-line bg-sunken pr-8 pl-8 text-sm placeholder:text-muted focus:bg-surface aria-invalid:border-degraded"
          onBlur={() => {
            setBusy(false);
            close();
          }}
          onChange={(event) => {
            write(event.target.value);
            open();
          }}
          onFocus={() => setBusy(true)}
          onKeyDown={onKeyDown}
          placeholder={`${props.label}   /`}
          ref={input}
          role="combobox"
          spellCheck={false}
          type="text"
          value={text}
        />
      </label>
      <EndButton
        empty={text === ""}
        onClear={() => {
          write("");
          input.current?.focus();
        }}
        onHelp={props.onHelp}
      />
      <QueryOptions active={active} id={listId} offers={offers} onTake={take} />
    </div>
  );

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = offers[active];
    if (step !== undefined) {
      if (shown)
        setActive(
          (active + step + offers.length + (active < 0 && step < 0 ? 1 : 0)) % offers.length,
        );
      else open();
    } else if (event.key === "Enter" && offer !== undefined) {
      take(offer);
    } else if (event.key === "Escape" && (shown || text !== "")) {
      if (shown) close();
      else write("");
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function take({ text: next, caret }: Completion) {
    write(next);
    const own = input.current;
    // The value is on the page once this event is over; then the cursor can be put into it.
    requestAnimationFrame(() => {
      own?.setSelectionRange(caret, caret);
      if (next.charAt(caret - 1) === ":") open();
      else close();
    });
  }
}

/** At the end of the line: how to ask, or a way to start again. */
function EndButton(props: { empty: boolean; onClear: () => void; onHelp: () => void }) {
  const label = props.empty ? "What can I ask?" : "Clear the search";
  return (
    <button
      aria-label={label}
      className="absolute top-1/2 right-0.5 grid size-[26px] -translate-y-1/2 place-items-center rounded-md text-xs font-semibold text-muted hover:bg-line hover:text-ink"
      onClick={props.empty ? props.onHelp : props.onClear}
      title={label}
      type="button"
    >
      {props.empty ? "?" : <Icon name="close" size={12} />}
    </button>
  );
}

type Input = RefObject<HTMLInputElement | null>;

/** The text as it is typed; the address follows when the hands rest. */
function useText(value: string, onChange: (value: string) => void) {
  const [draft, setDraft] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [seen, setSeen] = useState(value);
  const pending = useRef(() => {});
  useEffect(() => () => pending.current(), []);
  if (seen !== value) {
    setSeen(value);
    // The address may change under us, but never under somebody who is typing.
    if (!busy) setDraft(undefined);
  }
  return {
    text: draft ?? value,
    setBusy,
    write(next: string) {
      setDraft(next);
      pending.current();
      pending.current = after(typingMs, () => onChange(next.trim()));
    },
  };
}

/** What is offered where the cursor stands, and which of it the keyboard is on. */
function useOffers(text: string, input: Input, nodes: readonly Node[]) {
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  return {
    offers: caret === undefined ? [] : completionsOf(text, caret, nodes),
    active,
    setActive,
    open() {
      setCaret(input.current?.selectionStart ?? text.length);
      setActive(-1);
    },
    close() {
      setCaret(undefined);
      setActive(-1);
    },
  };
}

/** "/" leads to the line from anywhere on the page. */
function useSlash(input: Input) {
  useEffect(() => {
    const jump = (event: globalThis.KeyboardEvent) => {
      const writing =
        event.target instanceof Element && event.target.closest("input,select,textarea,dialog");
      if (event.key !== "/" || writing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", jump);
    return () => document.removeEventListener("keydown", jump);
  }, [input]);
}
