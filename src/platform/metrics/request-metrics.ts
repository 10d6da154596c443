import { Histogram } from 'prom-client';

const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'How long requests took, by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
});

/** Records an answer. `route` is the pattern, never the requested address: that may hold personal data. */
export function observeRequest(method: string, route: string, status: number, ms: number): void {
  durations.observe({ method, route, status }, ms / 1000);
}
