import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { after } from "../../parts/clock.ts";
import { useSlash } from "../../parts/use-slash.ts";
import { type Completion, completionsOf } from "./query-complete.ts";

/** Who types fast is not answered for each letter. */
const typingMs = 90;

type Input = RefObject<HTMLInputElement | null>;

/** A line that is typed in, with what it offers and how the keyboard goes through that. */
export function useQueryLine(
  value: string,
  nodes: readonly Node[],
  onChange: (value: string) => void,
) {
  const input = useRef<HTMLInputElement>(null);
  const { text, write, setBusy } = useText(value, onChange);
  const { offers, active, setActive, open, close } = useOffers(text, input, nodes);
  useSlash(input);
  const take = ({ text: next, caret }: Completion) => {
    write(next);
    // The value is on the page once this event is over; then the cursor can be put into it.
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(caret, caret);
      if (next.charAt(caret - 1) === ":") open();
      else close();
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = actOf(event.key, { offers, active, text });
    if (act === undefined) return;
    if ("to" in act) setActive(act.to);
    else if ("offer" in act) take(act.offer);
    else ({ open, close, clear: () => write("") })[act.do]();
    event.preventDefault();
    event.stopPropagation();
  };
  return { input, text, write, setBusy, offers, active, open, close, take, onKeyDown };
}

interface Offered {
  readonly offers: readonly Completion[];
  readonly active: number;
  readonly text: string;
}

type Act =
  | { readonly do: "open" | "close" | "clear" }
  | { readonly do: "take"; readonly offer: Completion }
  | { readonly do: "move"; readonly to: number };

/** What a key means in the line; undefined where it only types. */
export function actOf(key: string, { offers, active, text }: Offered): Act | undefined {
  const count = offers.length;
  const offer = offers[active];
  switch (key) {
    case "ArrowDown":
      return count === 0 ? { do: "open" } : { do: "move", to: (active + 1) % count };
    case "ArrowUp":
      if (count === 0) return { do: "open" };
      return { do: "move", to: active <= 0 ? count - 1 : active - 1 };
    case "Enter":
      return offer && { do: "take", offer };
    case "Escape":
      if (count > 0) return { do: "close" };
      return text === "" ? undefined : { do: "clear" };
    default:
      return undefined;
  }
}

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
