/** What a context lets operators see of itself at any moment. Found by the metrics server wherever one is provided. */
export abstract class Gauges {
  /** What each is, by its name in Prometheus' form. */
  abstract readonly meanings: Record<string, string>;
  /** The figures now. Never an id, a name or an address. */
  abstract read(): Promise<Record<string, number>>;
}
