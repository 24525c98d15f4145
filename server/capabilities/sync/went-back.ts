/**
 * The log has fewer places than were committed: an older database, or a standby that lacks the last
 * of them, answers under the address. The stamps that follow were given out already.
 */
export class LogWentBack extends Error {
  override readonly name = "LogWentBack";

  constructor() {
    super("the log has fewer places than were committed to it");
  }
}
