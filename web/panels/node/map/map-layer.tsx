import {
  type NodeProps,
  ReactFlow,
  type Viewport as FlowViewport,
  ViewportPortal,
} from "@xyflow/react";
import { type CSSProperties, type ReactNode, useEffect } from "react";
import { ClusterMark } from "./cluster-mark.tsx";
import type { ClusterFlow, HubFlow, MapFlow, NodeFlow } from "./flow-nodes.ts";
import type { Size } from "./geometry.ts";
import { HubMark } from "./hub-mark.tsx";
import { NodeMark } from "./node-mark.tsx";
import { type Viewport, zoomMax, zoomMin } from "./viewport.ts";

const nodeTypes = {
  node: ({ data }: NodeProps<NodeFlow>) => <NodeMark {...data} />,
  cluster: ({ data }: NodeProps<ClusterFlow>) => <ClusterMark {...data} />,
  hub: ({ data }: NodeProps<HubFlow>) => <HubMark {...data} />,
};

/** The marks say themselves what they are. */
const noLabels = { "node.a11yDescription.default": "" };
/** React Flow is named in NOTICE. */
const plain = { hideAttribution: true };

type Style = CSSProperties & Record<`--${string}`, number>;

/** Marks that keep their size on the screen read it from here. */
function styleAt({ viewport, restZoom, chipWidth, nameWidth }: MapLayerProps): Style {
  return {
    "--rest-zoom": restZoom,
    "--unzoom": restZoom / viewport.zoom,
    "--chip": chipWidth,
    "--name": nameWidth,
  };
}

interface MapLayerProps {
  readonly flows: MapFlow[];
  readonly viewport: Viewport;
  /** The zoom that the marks are laid out for; React Flow counts from there. */
  readonly restZoom: number;
  readonly frame: Size;
  /** In pixels of the screen. */
  readonly chipWidth: number;
  readonly nameWidth: number;
  readonly onMove: (next: Viewport) => void;
  readonly onClear: () => void;
  readonly onMounted: () => void;
  /** What else moves with the map. */
  readonly children: ReactNode;
}

/** The part of the map that can be touched: real buttons over the canvas, drag, wheel and pinch. */
export function MapLayer(props: MapLayerProps) {
  const { flows, viewport, restZoom, frame, onMove, onMounted } = props;
  useEffect(onMounted, [onMounted]);
  // React Flow counts from the upper left corner, the map from the middle.
  const toMiddle = ({ x, y, zoom }: FlowViewport) =>
    onMove({ x: x - frame.width / 2, y: y - frame.height / 2, zoom: zoom * restZoom });
  return (
    <ReactFlow
      ariaLabelConfig={noLabels}
      deleteKeyCode={null}
      disableKeyboardA11y
      edgesFocusable={false}
      elementsSelectable={false}
      maxZoom={zoomMax / restZoom}
      minZoom={zoomMin / restZoom}
      multiSelectionKeyCode={null}
      nodeTypes={nodeTypes}
      nodes={flows}
      nodesConnectable={false}
      nodesDraggable={false}
      nodesFocusable={false}
      onPaneClick={props.onClear}
      onViewportChange={toMiddle}
      panActivationKeyCode={null}
      proOptions={plain}
      selectionKeyCode={null}
      style={styleAt(props)}
      viewport={{
        x: viewport.x + frame.width / 2,
        y: viewport.y + frame.height / 2,
        zoom: viewport.zoom / restZoom,
      }}
      zoomActivationKeyCode={null}
      zoomOnDoubleClick={false}
    >
      <ViewportPortal>
        <div className="map-world">{props.children}</div>
      </ViewportPortal>
    </ReactFlow>
  );
}
