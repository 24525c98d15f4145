import { useId } from "react";
import { Icon } from "./icon.tsx";

export const inputShape =
  "h-9 w-full rounded-lg border border-edge bg-surface px-3 text-sm text-ink " +
  "placeholder:text-muted";

/** A line to write in. */
export function TextField(props: {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  pattern?: string;
  required?: boolean;
  lengthMax?: number;
}) {
  const hintId = useId();
  return (
    <label className="block text-sm">
      <span className="mb-1 block font-medium">{props.label}</span>
      <input
        aria-describedby={props.hint ? hintId : undefined}
        autoComplete="off"
        className={inputShape}
        maxLength={props.lengthMax}
        onChange={(event) => props.onChange(event.target.value)}
        pattern={props.pattern}
        required={props.required}
        spellCheck={false}
        value={props.value}
      />
      {props.hint && (
        <span className="mt-1 block text-xs text-muted" id={hintId}>
          {props.hint}
        </span>
      )}
    </label>
  );
}

/** A choice of few. */
export function SelectField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; word: string }[];
  hideLabel?: boolean;
}) {
  return (
    <label className="block min-w-0 text-sm">
      <span className={props.hideLabel ? "sr-only" : "mb-1 block font-medium"}>{props.label}</span>
      <span className="relative block">
        <select
          className={`${inputShape} appearance-none truncate pr-8`}
          onChange={(event) => props.onChange(event.target.value)}
          value={props.value}
        >
          {props.options.map(({ value, word }) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
        <span className="pointer-events-none absolute inset-y-0 right-2.5 grid place-items-center text-muted">
          <Icon name="sort" size={14} />
        </span>
      </span>
    </label>
  );
}

/** Something that is so or not. */
export function CheckField(props: {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const hintId = useId();
  return (
    <label className="flex items-start gap-2.5 text-sm">
      <input
        aria-describedby={props.hint ? hintId : undefined}
        checked={props.checked}
        className="mt-0.5 size-4 shrink-0 accent-accent"
        onChange={(event) => props.onChange(event.target.checked)}
        type="checkbox"
      />
      <span>
        <span className="font-medium">{props.label}</span>
        {props.hint && (
          <span className="block text-xs text-muted" id={hintId}>
            {props.hint}
          </span>
        )}
      </span>
    </label>
  );
}
