import { useEffect, useRef, useState } from "react";
import { Icon } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";
import { useSlash } from "./use-slash.ts";

/** A line to find by; "/" leads here from anywhere on the page. */
export function SearchBox(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(props.value);
  useEffect(() => {
    // The address may change under us, but never under somebody who is typing.
    if (document.activeElement !== input.current) setText(props.value);
  }, [props.value]);
  useSlash(input);
  return (
    <label className="relative block max-sm:order-last max-sm:basis-full">
      <span className="sr-only">{props.label}</span>
      <span className="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-muted">
        <Icon name="search" size={14} />
      </span>
      <input
        aria-keyshortcuts="/"
        className="peer h-8 w-56 rounded-lg max-sm:w-full border border-line-strong bg-sunken pr-8 pl-8 text-sm transition-colors duration-quick placeholder:text-muted focus:bg-surface"
        onChange={(event) => {
          setText(event.target.value);
          props.onChange(event.target.value);
        }}
        placeholder={props.label}
        ref={input}
        spellCheck={false}
        type="search"
        value={text}
      />
      {text === "" && (
        <span className="pointer-events-none absolute inset-y-0 right-1.5 grid place-items-center peer-focus:hidden">
          <Kbd>/</Kbd>
        </span>
      )}
    </label>
  );
}
