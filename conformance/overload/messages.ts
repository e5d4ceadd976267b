/** What a gate under load is asked to do in each call. */
export interface Work {
  /** Microseconds of computing, on the gate's own thread. */
  readonly computeUs: number;
  /** Milliseconds of waiting for somebody else. */
  readonly waitMs: number;
}

/** How calls are sent. */
export interface LoadOptions {
  readonly port: number;
  readonly work: Work;
  /** Calls a second, sent whatever the answers are; undefined: each connection sends its next call when it has its answer. */
  readonly rate: number | undefined;
  /** Connections at most; a call that finds none of them free is not sent. */
  readonly connections: number;
  readonly seconds: number;
  /** A call that is not answered by then has failed, and its connection is closed, as clients do. */
  readonly deadlineMs: number;
}

/** What became of the calls. Times in milliseconds. */
export interface LoadResult {
  readonly seconds: number;
  /** Calls that were to be sent. */
  readonly offered: number;
  /** Answered rightly and in time. */
  readonly good: number;
  /** Refused with words that say when to come again. */
  readonly refused: number;
  /** Not answered in time. */
  readonly late: number;
  /** Not sent: every connection was taken. */
  readonly unsent: number;
  /** Connections that were refused or ended under a call. */
  readonly broken: number;
  /** Answers that were neither of these. */
  readonly wrong: number;
  readonly goodMs: Percentiles;
  readonly refusedMs: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}
