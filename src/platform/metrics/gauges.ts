/** A context's metrics for operators. The metrics server discovers them from the providers of all modules. */
export abstract class Gauges {
  /** The meaning of each metric, by its Prometheus name. */
  abstract readonly meanings: Record<string, string>;
  /** The label of each metric that has one value per label value. */
  readonly labels: Record<string, string> = {};
  /** What a metric was called before, by its name. Both are shown until 0.9, so that dashboards and alerts can follow. */
  readonly formerNames: Record<string, string> = {};
  /** The current values; for metrics with a label, by its values. Never an id, a person's name or an address. */
  abstract read(): Promise<Record<string, number | Record<string, number>>>;
}

/** For metrics that all have the same label. */
export const labelledAll = (label: string, meanings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.keys(meanings).map((name) => [name, label]));

/** Figures that all belong to one value of their label. */
export const allUnder = (value: string, figures: Record<string, number>): Record<string, Record<string, number>> =>
  Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, { [value]: figure }]));
