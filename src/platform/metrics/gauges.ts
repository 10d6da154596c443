/** What a context lets operators see of itself at any moment. Found by the metrics server wherever one is provided. */
export abstract class Gauges {
  /** What each is, by its name in Prometheus' form. */
  abstract readonly meanings: Record<string, string>;
  /** The label of those that are several figures by a word. */
  readonly labels: Record<string, string> = {};
  /** The figures now, those with a label by its values. Never an id, a person's name or an address. */
  abstract read(): Promise<Record<string, number | Record<string, number>>>;
}
