/** A context's metrics for operators. The metrics server discovers them from the providers of all modules. */
export abstract class Gauges {
  /** The meaning of each metric, by its Prometheus name. */
  abstract readonly meanings: Record<string, string>;
  /** The label of each metric that has one value per label value. */
  readonly labels: Record<string, string> = {};
  /** The current values; for metrics with a label, by its values. Never an id, a person's name or an address. */
  abstract read(): Promise<Record<string, number | Record<string, number>>>;
}
