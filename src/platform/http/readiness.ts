/** A context's line in the answer of `GET /health/ready`, for operators. Registered as a provider. */
export abstract class ReadinessNote {
  /** The fields to add; empty: nothing to say. It asks nothing of the database, and the replica stays ready. */
  abstract read(): Record<string, string>;
}
