import { useId } from "react";
import { inputShape } from "./field.tsx";

/** Several lines to write in; what is wrong with them stands below, in room that is kept. */
export function TextArea(props: {
  label: string;
  hint: string;
  value: string;
  rows: number;
  onChange: (value: string) => void;
}) {
  const hintId = useId();
  return (
    <label className="block text-sm">
      <span className="mb-1 block font-medium">{props.label}</span>
      <textarea
        aria-describedby={hintId}
        className={`${inputShape} h-auto! py-2 font-mono text-xs!`}
        onChange={(event) => props.onChange(event.target.value)}
        rows={props.rows}
        spellCheck={false}
        value={props.value}
      />
      <span className="mt-1 block min-h-4 text-xs text-degraded" id={hintId}>
        {props.hint}
      </span>
    </label>
  );
}
