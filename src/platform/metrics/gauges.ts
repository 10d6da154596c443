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

/** Figures by their name, from one row for each value of the label. A value without that figure has null there. */
export function byLabel(
  label: string,
  rows: readonly Record<string, string | number | null>[],
): Record<string, Record<string, number>> {
  const figures: Record<string, Record<string, number>> = {};
  for (const { [label]: value, ...ofValue } of rows)
    for (const [name, figure] of Object.entries(ofValue))
      if (figure !== null) (figures[name] ??= {})[String(value)] = Number(figure);
  return figures;
}
