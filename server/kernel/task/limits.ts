/** What a task gets that says nothing, and neither does its queue. */
export const priorityDefault = 5;
/** The most urgent. */
export const priorityMax = 10;
/** What a fairness key weighs that nobody named. */
export const weightDefault = 1;
/** Levels of children below a task that says nothing. */
export const hopLimitDefault = 8;
/** Attempts in all. */
export const attemptsDefault = 5;
/** So often in a row a task that is given back undone is ready again at once, with its turn. */
export const returnsMax = 3;
/** Before the second attempt. */
export const firstRetryMs = 1_000;
/** Each interval is so many times the one before. */
export const backoffDefault = 2;
/** No interval is longer. */
export const retryIntervalMs = 5 * 60_000;
/** How long an attempt may take that says nothing. */
export const attemptMs = 60 * 60_000;
/** From one sign of a worker to the next, if nobody says otherwise. */
export const heartbeatMs = 30_000;
/** A shorter lease would be lost by a slow network. */
export const heartbeatMsMin = 1_000;
/** A longer one would keep a dead worker's tasks for too long. */
export const heartbeatMsMax = 60 * 60_000;
/** No span of a task, nor its start, nor its deadline, is further away than a year. */
export const spanMsMax = 366 * 86_400_000;
/** What was missed for longer is of no use, and would have to be counted turn by turn. */
export const catchUpMsMax = 7 * 86_400_000;
/** Ready, delayed and blocked tasks of a queue that says nothing. */
export const depthMaxDefault = 1_000_000;
/** Queues of a tenant, whether anything is in them or not. */
export const queuesMax = 10_000;
/** Kinds and needs that a queue tells apart: a claim looks at each that its worker can do. */
export const linesMax = 1_000;
/** Those that name a node, of all nodes: none but that node's workers look at them. */
export const namedLinesMax = 10_000;
/** Claims a minute of a queue, and as many at once, that can be counted. */
export const rateMax = 1_000_000_000;
/** Most tasks of one batch. */
export const batchTasksMax = 1_000;
/** Most that a task counts as spent: numbers are exact up to here, and fit every column. */
export const spentMax = Number.MAX_SAFE_INTEGER;
/** Most tasks that wait for one: whatever ends it moves them all in one transaction. */
export const followersMax = 1_000;
