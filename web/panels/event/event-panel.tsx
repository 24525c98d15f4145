import { useNavigate } from "@tanstack/react-router";
import { SidePanel } from "../../parts/side-panel.tsx";
import { EvidenceOf } from "./evidence-dialog.tsx";

/** One event beside the log. */
export function EventPanel({ cursor }: { cursor: bigint }) {
  const navigate = useNavigate({ from: "/event" });
  const close = () => void navigate({ search: (before) => ({ ...before, selected: undefined }) });
  return (
    <SidePanel label={`Event ${cursor}`} onClose={close} title={`Event ${cursor}`} wide>
      <EvidenceOf cursor={cursor} />
    </SidePanel>
  );
}
