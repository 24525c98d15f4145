/** Where a node keeps who it is: small texts by name. The folder on disk is `folderStore`. */
export interface NodeStore {
  /** How messages call it, e.g. the folder's path. */
  readonly place: string;
  /** The text of that name; undefined when there is none. */
  read(name: string): Promise<string | undefined>;
  /** Replaces the text as a whole, and returns once a power cut cannot undo it. */
  write(name: string, text: string): Promise<void>;
  /** Removes the text; none is fine too. */
  remove(name: string): Promise<void>;
  /**
   * Keeps every other process out until released; `what` is shown to them.
   *
   * @throws FoedusError DATA_FOLDER_HELD
   */
  hold(what: string): Promise<{ release(): void }>;
}
