import type { GetEventResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { useEffect, useState } from "react";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { type Verdict, verify } from "./verify.ts";

/** Who checked the event: the hub, and this browser by itself. */
export function Verdicts({ answer }: { answer: GetEventResponse }) {
  const own = useVerdict(answer);
  return (
    <ul className="grid gap-2 sm:grid-cols-2">
      {answer.verified ? (
        <Line good icon="seal" text="Verified by the hub" why="Signature and proof, just now." />
      ) : (
        <Line
          good={false}
          icon="warning"
          text="Not verified by the hub"
          why="It could not check signature and proof."
        />
      )}
      <OwnLine verdict={own} />
    </ul>
  );
}

function OwnLine({ verdict }: { verdict: Verdict | undefined }) {
  switch (verdict) {
    case "valid":
      return (
        <Line
          good
          icon="seal"
          text="Verified by this browser"
          why="Recomputed here, without trusting the hub."
        />
      );
    case "invalid":
      return (
        <Line
          good={false}
          icon="warning"
          text="This browser disagrees"
          why="Signature, key or proof do not fit the bytes."
        />
      );
    case "unable":
      return (
        <Line
          icon="wait"
          text="Not checked here"
          why="This browser lacks Ed25519, or the page is not on https or loopback."
        />
      );
    default:
      return <Line icon="wait" text="Checking here …" why="Leaf, path, root, signature." />;
  }
}

function Line(props: { good?: boolean; icon: IconName; text: string; why: string }) {
  const { good } = props;
  const tone =
    good === undefined
      ? "border-line text-muted"
      : good
        ? "border-online bg-online-ground text-online"
        : "border-offline bg-offline-ground text-offline";
  return (
    <li className={`flex items-start gap-2.5 rounded-xl border px-3 py-2 text-sm ${tone}`}>
      <span className="mt-0.5">
        <Icon name={props.icon} size={18} />
      </span>
      <span>
        <span className="block font-semibold">{props.text}</span>
        <span className="block text-xs">{props.why}</span>
      </span>
    </li>
  );
}

function useVerdict(answer: GetEventResponse): Verdict | undefined {
  const [verdict, setVerdict] = useState<Verdict>();
  useEffect(() => {
    let current = true;
    verify(answer).then(
      (found) => current && setVerdict(found),
      () => current && setVerdict("unable"),
    );
    return () => {
      current = false;
    };
  }, [answer]);
  return verdict;
}
