import type { TrustInput } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { EvidenceLinks } from "../../parts/evidence.tsx";
import { countText } from "../../parts/measure.ts";
import { Meter } from "../../parts/meter.tsx";
import { Words } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { trustLook } from "./health.ts";
import { inputName, shareText } from "./score.ts";

const hundred = 100;

/** Every input of a score: what was seen, what it counts, and which events show it. */
export function InputList({ inputs }: { inputs: readonly TrustInput[] }) {
  return (
    <Section title="What it stands on">
      <ul className="divide-y divide-line">
        {inputs.map((input) => (
          <Input input={input} key={input.kind} />
        ))}
      </ul>
    </Section>
  );
}

function Input({ input }: { input: TrustInput }) {
  const { value, weight, detail, samples, evidenceCursors } = input;
  const name = inputName(input.kind);
  return (
    <li className="py-3 text-sm">
      <div className="flex items-baseline gap-3">
        <span className={`flex-1 font-medium ${value === undefined ? "text-muted" : ""}`}>
          {name}
        </span>
        <span className="figures">
          {value === undefined ? "nothing to judge by" : shareText(value)}
        </span>
        <span className="figures w-20 text-right text-xs text-muted">weight {weight}</span>
      </div>
      <Bar value={value} />
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1 text-xs text-muted">
          <Words text={detail || `${countText(samples)} observations`} />
        </div>
      </div>
      <div className="mt-1.5">
        {evidenceCursors.length === 0 ? (
          <span className="text-xs text-muted">
            {value === undefined
              ? ""
              : "Measured by the hub itself, which signs for it in the cycle's event."}
          </span>
        ) : (
          <EvidenceLinks cursors={evidenceCursors} what={name} />
        )}
      </div>
    </li>
  );
}

function Bar({ value }: { value: number | undefined }) {
  const look = trustLook(value === undefined ? undefined : value * hundred);
  return (
    <div className="my-1.5">
      <Meter className="w-full" part={value} tone={look.text} />
    </div>
  );
}
