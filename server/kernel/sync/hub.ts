import { onFailed } from "./hub.failed.ts";
import { onGrown } from "./hub.grown.ts";
import { onHello, onLooked, onResumed, openUplink } from "./hub.hello.ts";
import { onCommitted, onRelayed, onPartIn, onPush } from "./hub.intake.ts";
import { onBatchAck, onPage, onPart } from "./hub.feed.ts";
import { freshDeficits } from "./lanes.ts";
import type { LogAnswer } from "./log.ts";
import { closing, leave } from "./hub.state.ts";
import type { HubEffect, HubEvent, HubState, Opened, Parent, Session } from "./hub.state.ts";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";

/** What an event does to a hub. The state is the caller's alone, and is changed in place. */
export function stepHub(state: HubState, event: HubEvent): readonly HubEffect[] {
  if (event.type === "answered") return onAnswer(state, event.answer);
  if (event.type === "failed") return onFailed(state, event.request);
  if (event.type === "grown") return onGrown(state, event);
  if (event.type === "closed") {
    leave(state, event.session);
    return [];
  }
  if (event.type === "opened") {
    const { type: _type, ...opened } = event;
    if (event.peer === "PARENT") state.parent = parentIn(state, event);
    const session = { ...opened, feeds: new Map(), isReading: false, deficits: freshDeficits() };
    state.sessions.set(event.session, session);
    return event.peer === "PARENT" ? openUplink(state, session) : [];
  }
  const session = state.sessions.get(event.session);
  return session === undefined ? [] : onFrame(state, session, event.frame);
}

/** What the parent said of itself; whose streams go there was known before. */
function parentIn({ parent }: HubState, { name, zones }: Opened): Parent {
  return { ...parent, name, zones };
}

function onAnswer(state: HubState, answer: LogAnswer): readonly HubEffect[] {
  if (answer.type === "look") return onLooked(state, answer);
  if (answer.type === "commit") return onCommitted(state, answer);
  if (answer.type === "page") return onPage(state, answer);
  if (answer.type === "part") return onPart(state, answer);
  return [];
}

function onFrame(state: HubState, session: Session, { frame }: Frame): readonly HubEffect[] {
  switch (frame.case) {
    case "hello":
      return onHello(state, session, frame.value);
    case "resumed":
      return onResumed(state, session, frame.value);
    case "push":
      return onPush(state, session, frame.value);
    case "batch":
      return onRelayed(state, session, frame.value);
    case "snapshotPart":
      return onPartIn(state, session, frame.value);
    case "batchAck":
      return onBatchAck(state, session, frame.value);
    case "bye":
      return [closing(state, session.session, frame.value.reason)];
    default:
      return [];
  }
}
