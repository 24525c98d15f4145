/** The keys of the event log, for the list of all keys. */
export const eventKeys: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: "/", does: "Search the events" },
  { keys: "Space", does: "Pause, or continue" },
  { keys: "↓ ↑", does: "Go from row to row" },
  { keys: "Enter", does: "Open the event" },
  { keys: "J K", does: "Open the next older or newer event" },
  { keys: "Esc", does: "Close the event" },
];
